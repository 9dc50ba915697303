import { fromBinary } from '@bufbuild/protobuf';
import { InvalidModelError, RestyleError, UnsupportedOperatorError } from '../errors.ts';
import { explained, type GraphBuilder } from '../graph/builder.ts';
import { constantNode, foldConstants } from './fold.ts';
import { inlined } from './functions.ts';
import type { Attribute, Value } from '../graph/graph.ts';
import {
  ModelProtoSchema,
  type AttributeProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb.ts';
import { bytesOf, DTYPES, dtypeOfCode, sizeOf, type TensorData } from '../graph/tensor.ts';
import { unified, type NodeReplacement, type PendingNode, type Precision } from './pending.ts';
import { checkSupported, FIRST_OPSET, LAST_OPSET, writeNode } from './support.ts';
import { upgradeNode } from './upgrade.ts';

const ADVICE = 'Fetch or export the file again.';

/** An ONNX file, read but not yet bound to a picture's size. */
export class OnnxModel {
  readonly metadata: Readonly<Record<string, string>>;
  readonly opset: number;
  /** Every tensor a node computes: what can be tapped. */
  readonly valueNames: ReadonlySet<string>;
  readonly outputNames: readonly string[];
  readonly operators: ReadonlySet<string>;
  readonly #inputs: readonly ValueInfoProto[];
  readonly #nodes: readonly NodeProto[];
  readonly #initializers: ReadonlyMap<string, TensorProto>;

  private constructor(proto: ModelProto) {
    const graph = proto.graph;
    if (!graph || graph.node.length === 0)
      throw new InvalidModelError('not an ONNX model: it has no graph', ADVICE);
    this.metadata = Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value]));
    this.opset = Number(
      proto.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 1,
    );
    checkOpset(this.opset);
    this.#nodes = inlined(proto);
    this.#initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    this.#inputs = graph.input.filter(({ name }) => !this.#initializers.has(name));
    this.valueNames = new Set(this.#nodes.flatMap(({ output }) => output.filter(Boolean)));
    this.operators = new Set(this.#nodes.map(({ opType }) => opType));
    this.outputNames = graph.output.map(({ name }) => name);
  }

  /** The only input. Throws InvalidModelError if there are more, or none. */
  get inputName(): string {
    return this.#input().name;
  }

  /** Declared dims of the only input; `null` where the file leaves them open. */
  get inputDims(): readonly (number | null)[] {
    return declaredDims(this.#input());
  }

  #input(): ValueInfoProto {
    const [input] = this.#inputs;
    if (input && this.#inputs.length === 1) return input;
    const names = this.#inputs.map(({ name }) => name).join(', ') || 'none';
    throw new InvalidModelError(
      `a feature network has one input, this model has: ${names}`,
      ADVICE,
    );
  }

  /** Reads a ModelProto; initializers stay views into `bytes`. Throws InvalidModelError. */
  static parse(bytes: Uint8Array): OnnxModel {
    let proto: ModelProto;
    try {
      proto = fromBinary(ModelProtoSchema, bytes);
    } catch (error) {
      throw new InvalidModelError('not an ONNX model, or a truncated one', ADVICE, {
        cause: error,
      });
    }
    return new OnnxModel(proto);
  }

  /**
   * Writes the part of the network that `wanted` depends on into `b`, with `given` as its input, or as any of its values.
   * `replace` may stand in for single nodes (another kind of pooling, say).
   *
   * @param precision of weights that are stored in 16 bits; activations have the image's
   * @returns the wanted values by name
   */
  instantiate(
    b: GraphBuilder,
    given: Value | ReadonlyMap<string, Value>,
    wanted: readonly string[],
    replace: NodeReplacement = () => undefined,
    precision: Precision = 'float32',
  ): Map<string, Value> {
    const values = new Map<string, Value>(
      given instanceof Map
        ? (given as ReadonlyMap<string, Value>)
        : [[this.inputName, given as Value]],
    );
    const left = new Map<string, string>();
    const lookup = (name: string): Value => {
      let value = values.get(name);
      if (!value) {
        if (left.has(name)) throw withoutOutput(name, left.get(name)!);
        const proto = this.#initializers.get(name);
        if (!proto) throw new InvalidModelError(`nothing computes "${name}"`, ADVICE);
        values.set(name, (value = b.initializer(tensorOf(proto), name)));
      }
      return value;
    };
    for (const proto of this.#needed(wanted, values)) {
      const outputs = this.#write(b, proto, lookup, replace, precision);
      proto.output.forEach((name, i) => {
        if (outputs[i]) values.set(name, outputs[i]);
        else left.set(name, `${proto.opType} (node "${proto.name}")`);
      });
    }
    return new Map(wanted.map((name) => [name, lookup(name)]));
  }

  /** Writes as much of the network as can be into `b`: what each node computes first, in order, with its operator. */
  survey(b: GraphBuilder, image: Value): { name: string; op: string; value: Value }[] {
    const values = new Map<string, Value>([[this.inputName, image]]);
    const lookup = (name: string): Value => {
      const proto = this.#initializers.get(name);
      const value = values.get(name) ?? (proto && b.initializer(tensorOf(proto), name));
      if (!value) throw new InvalidModelError(`nothing computes "${name}"`, ADVICE);
      values.set(name, value);
      return value;
    };
    return this.#nodes.flatMap((proto) => {
      try {
        const outputs = this.#write(b, proto, lookup);
        outputs.forEach((value, i) => {
          if (proto.output[i]) values.set(proto.output[i], value);
        });
        const name = proto.output[0]!;
        return outputs[0] && name ? [{ name, op: proto.opType, value: outputs[0] }] : [];
      } catch (error) {
        // Whatever lies behind it is not there either.
        if (error instanceof RestyleError) return [];
        throw error;
      }
    });
  }

  #write(
    b: GraphBuilder,
    proto: NodeProto,
    lookup: (name: string) => Value,
    replace?: NodeReplacement,
    precision: Precision = 'float32',
  ): readonly Value[] {
    const read: PendingNode = {
      name: proto.name || proto.output[0]!,
      op: operatorOf(proto),
      inputs: proto.input.map((name) => (name === '' ? null : lookup(name))),
      attributes: attributesOf(proto),
      outputCount: proto.output.length,
    };
    return explained(read, () => {
      const node = checkSupported(upgradeNode(read, this.opset, b));
      return (
        constantNode(b, node) ??
        foldConstants(b, node, precision) ??
        writeNode(b, unified(b, node), this.opset, replace)
      );
    });
  }

  /** The nodes behind `wanted`, as far as nothing behind them is `given`. */
  #needed(wanted: readonly string[], given: ReadonlyMap<string, Value>): NodeProto[] {
    const producers = new Map(
      this.#nodes.flatMap((node) => node.output.map((name) => [name, node])),
    );
    const needed = new Set<NodeProto>();
    const stack = [...wanted];
    for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
      const node = producers.get(name);
      if (!node || needed.has(node) || given.has(name)) continue;
      needed.add(node);
      stack.push(...node.input);
    }
    return this.#nodes.filter((node) => needed.has(node));
  }
}

function checkOpset(opset: number): void {
  if (opset >= FIRST_OPSET && opset <= LAST_OPSET) return;
  throw new UnsupportedOperatorError(
    `the model is written in operator set ${opset}; known are ${FIRST_OPSET} to ${LAST_OPSET}`,
    'Export it again with another opset_version.',
  );
}

/** Its name in the standard set of operators; those of other domains carry their domain. */
function operatorOf({ opType, domain }: NodeProto): string {
  return domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`;
}

function withoutOutput(name: string, node: string): UnsupportedOperatorError {
  return new UnsupportedOperatorError(
    `the output "${name}" of ${node} is not supported`,
    'Take taps that do not depend on it.',
  );
}

function declaredDims({ type }: ValueInfoProto): (number | null)[] {
  return (type?.tensorType?.shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimValue' && value.value > 0n ? Number(value.value) : null,
  );
}

/** A TensorProto's elements: a view of `raw_data`, or the typed field packed into bytes. */
export function tensorOf(proto: TensorProto): TensorData {
  const dims = proto.dims.map(Number);
  const dtype = dtypeOfCode(proto.dataType);
  if (!dtype) {
    throw new InvalidModelError(
      `tensor "${proto.name}" has an element type that is not supported (${proto.dataType})`,
      ADVICE,
    );
  }
  if (proto.dataLocation === 1) {
    throw new InvalidModelError(
      `tensor "${proto.name}" lies in another file`,
      'Put that file beside it, or export the model as one file.',
    );
  }
  const bytes = proto.rawData.length > 0 ? proto.rawData : packed(proto, dtype);
  if (bytes.byteLength !== sizeOf(dims) * DTYPES[dtype].bytes) {
    throw new InvalidModelError(`tensor "${proto.name}" is cut short`, ADVICE);
  }
  return { dtype, dims, bytes };
}

function packed(proto: TensorProto, dtype: TensorData['dtype']): Uint8Array {
  switch (dtype) {
    case 'float32':
      return bytesOf(Float32Array.from(proto.floatData));
    case 'float64':
      return bytesOf(Float64Array.from(proto.doubleData));
    case 'int64':
      return bytesOf(BigInt64Array.from(proto.int64Data));
    case 'float16':
      return bytesOf(Uint16Array.from(proto.int32Data));
    case 'int32':
      return bytesOf(Int32Array.from(proto.int32Data));
    default:
      return Uint8Array.from(proto.int32Data);
  }
}

function attributesOf(node: NodeProto): Record<string, Attribute> {
  const attributes: Record<string, Attribute> = {};
  for (const proto of node.attribute) {
    const attribute = attributeOf(proto);
    if (!attribute) {
      throw new UnsupportedOperatorError(
        `${node.opType} (node "${node.name}") with the attribute ${proto.name} is not supported: it holds a list of texts or a graph`,
        'Take taps before this node.',
      );
    }
    attributes[proto.name] = attribute;
  }
  return attributes;
}

function attributeOf(proto: AttributeProto): Attribute | undefined {
  if (proto.t) return { kind: 'tensor', value: tensorOf(proto.t) };
  if (proto.s !== undefined) return { kind: 'string', value: new TextDecoder().decode(proto.s) };
  if (proto.i !== undefined && proto.type !== 1) return { kind: 'int', value: Number(proto.i) };
  if (proto.f !== undefined) return { kind: 'float', value: proto.f };
  if (proto.floats.length > 0) return { kind: 'floats', value: proto.floats };
  // An empty list of integers has no field at all; 7 is INTS.
  if (proto.ints.length > 0 || proto.type === 7)
    return { kind: 'ints', value: proto.ints.map(Number) };
  // Zero is left out by proto3 writers; 1 is FLOAT, 2 is INT.
  if (proto.type === 2) return { kind: 'int', value: 0 };
  if (proto.type === 1) return { kind: 'float', value: 0 };
  if (proto.type === 3) return { kind: 'string', value: '' };
  return undefined;
}
