/** A feature network as a plain chain of stages with its weights, for programs that read no ONNX. */
import type { FeatureNetwork } from '../../web/engine/networks/network.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { intsAttribute, type Node, type Value } from '../../web/engine/graph/graph.ts';
import { toFloat32 } from '../../web/engine/graph/tensor.ts';
import { UsageError } from '../cli.ts';
import type { Stage } from './task.ts';

export interface Chain {
  readonly stages: readonly Stage[];
  readonly weights: Float32Array;
  /** The stage after which a tap is read. */
  readonly stageOf: ReadonlyMap<string, number>;
}

/** Any size does: nothing of the chain depends on it. */
const SIZE = 64;

/** @throws UsageError if the network branches or has other stages than VGG's */
export function chainOf(network: FeatureNetwork, taps: readonly string[]): Chain {
  const b = new GraphBuilder();
  const image = b.input('image', [1, 3, SIZE, SIZE]);
  const tapped = network.tap(b, image, taps);
  const stages: Stage[] = [];
  const store = new FloatStore();
  const places = new Map<Value, number>([[image, -1]]);
  for (const node of b.nodes) {
    const place = places.get(node.inputs[0]!);
    if (node.op === 'Identity' && place !== undefined) {
      places.set(node.outputs[0]!, place);
      continue;
    }
    if (place !== stages.length - 1) {
      throw new UsageError(`the bench runs chains only; "${node.name}" branches`);
    }
    stages.push(stageOf(node, store));
    places.set(node.outputs[0]!, stages.length - 1);
  }
  const stageOfTap = new Map([...tapped].map(([name, value]) => [name, places.get(value)!]));
  return { stages, weights: store.joined(), stageOf: stageOfTap };
}

function stageOf(node: Node, store: FloatStore): Stage {
  const [, weights, bias] = node.inputs;
  const ints = (name: string) => intsAttribute(node.attributes, name, []).join();
  const { op } = node;
  if ((op === 'Mul' || op === 'Add') && weights?.data && weights.dims.join() === '1,3,1,1') {
    return { op: op === 'Mul' ? 'scale' : 'shift', data: store.add(weights) };
  }
  const size = op === 'Conv' ? weights!.dims[2]! : 0;
  const pad = (size - 1) / 2;
  const same =
    ints('kernel_shape') === `${size},${size}` && ints('pads') === [pad, pad, pad, pad].join();
  if (op === 'Conv' && same && ints('strides') === '1,1') {
    const [out, from] = weights!.dims as [number, number];
    const shift = bias?.data ? toFloat32(bias.data) : new Float32Array(out);
    return { op: 'conv', in: from, out, size, data: store.add(weights!), bias: store.push(shift) };
  }
  if (op === 'Relu') return { op: 'relu' };
  if (op === 'MaxPool' && ints('kernel_shape') === '2,2' && ints('strides') === '2,2') {
    return { op: 'pool' };
  }
  throw new UsageError(`the bench runs VGG's stages only; "${node.name}" is another ${op}`);
}

class FloatStore {
  readonly #parts: Float32Array[] = [];
  #length = 0;

  /** Returns where the values begin. */
  add({ data }: Value): number {
    return this.push(toFloat32(data!));
  }

  push(values: Float32Array): number {
    const at = this.#length;
    this.#parts.push(values);
    this.#length += values.length;
    return at;
  }

  joined(): Float32Array {
    const all = new Float32Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
