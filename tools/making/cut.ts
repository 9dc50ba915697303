/** A classifier in an ONNX file cut down to what stylisation looks at, under the names that our own networks use. */
import { fromBinary } from '@bufbuild/protobuf';
import { InvalidModelError } from '../../web/engine/errors.ts';
import type { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { floatAttribute, type Value } from '../../web/engine/graph/graph.ts';
import { OnnxModel } from '../../web/engine/onnx/model.ts';
import type { NodeReplacement } from '../../web/engine/onnx/pending.ts';
import { ModelProtoSchema } from '../../web/engine/onnx/onnx_pb.ts';
import { float32, toFloat32 } from '../../web/engine/graph/tensor.ts';
import type { FeatureArchitecture, NetworkOrigin } from './architectures.ts';
import { storeNetwork } from '../../web/engine/networks/network.ts';
import {
  foldedNormalization,
  scaledKernel,
  storedKernel,
} from '../../web/engine/networks/normalization.ts';

/** ONNX begins with its IR version (field 1, a small number); a safetensors file with a length and a brace. */
export const isOnnx = (bytes: Uint8Array): boolean => bytes[0] === 0x08 && bytes[8] !== 0x7b;

/**
 * The network as a self-describing file: activations are told by the order of their ReLUs (`architecture.relus`), the rest
 * is left out; kernels become 16 bit floats (or 8 bit integers), batch normalisation goes into the convolution before it.
 *
 * @throws InvalidModelError if the file has fewer ReLUs than the network, UnsupportedOperatorError
 */
export function cutOnnx(
  architecture: FeatureArchitecture,
  bytes: Uint8Array,
  origin: Omit<NetworkOrigin, 'variant'>,
): Uint8Array {
  const model = OnnxModel.parse(bytes);
  const nodes = fromBinary(ModelProtoSchema, bytes).graph!.node;
  const outputs = nodes.flatMap(({ opType, output }) => (opType === 'Relu' ? [output[0]!] : []));
  const { relus } = architecture;
  if (outputs.length < relus.length) {
    throw new InvalidModelError(
      `the file has ${outputs.length} ReLUs, ${architecture.label} needs ${relus.length}`,
      'Check that it holds the network you named.',
    );
  }
  const build = (b: GraphBuilder, x: Value) => {
    const wanted = outputs.slice(0, relus.length);
    const values = model.instantiate(b, x, wanted, compact);
    const taps = new Map(relus.map((name, i) => [name, values.get(wanted[i]!)!]));
    const layers = (names: readonly string[]) =>
      names.filter((tap) => taps.has(tap)).map((tap) => ({ tap, weight: 1 }));
    return {
      taps,
      styleLayers: layers(architecture.style),
      contentLayers: layers(architecture.content).slice(0, 1),
    };
  };
  return storeNetwork(origin, build, origin.storage);
}

const compact: NodeReplacement = (b, { op, inputs, attributes }) => {
  if (op === 'Conv') {
    const [x, kernel, bias] = inputs;
    if (!kernel?.data) return undefined;
    const stored = storedKernel(b, kernel.data, kernel.name);
    return b.nodeOf('Conv', [x!, stored, ...(bias ? [bias] : [])], attributes).outputs;
  }
  if (op !== 'BatchNormalization') return undefined;
  return folded(b, inputs, floatAttribute(attributes, 'epsilon', 1e-5));
};

/** A normalisation and the convolution before it as one convolution. */
function folded(
  b: GraphBuilder,
  inputs: readonly (Value | null)[],
  epsilon: number,
): readonly Value[] | undefined {
  const conv = inputs[0]?.producer;
  const numbers = inputs.slice(1).map((value) => value?.data && toFloat32(value.data));
  const [gamma, beta, mean, variance] = numbers;
  if (conv?.op !== 'Conv' || !gamma || !beta || !mean || !variance) return undefined;
  const [x, kernel, bias] = conv.inputs;
  const before = bias?.data && toFloat32(bias.data);
  const learned = { gamma, beta, mean, variance, epsilon };
  const { factor, shift } = foldedNormalization(learned, before);
  const scaled = scaledKernel(b, kernel!, factor, 'factor');
  const operands = [x!, scaled, b.initializer(float32([gamma.length], shift), 'shift')];
  return b.nodeOf('Conv', operands, { ...conv.attributes }).outputs;
}
