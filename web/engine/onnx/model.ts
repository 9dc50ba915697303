import { fromBinary } from '@bufbuild/protobuf';
import { InvalidModelError, RestyleError, UnsupportedOperatorError } from '../errors.ts';
import { explained, GraphBuilder } from '../graph/builder.ts';
import { constantNode, foldConstants } from './fold.ts';
import { atThisSize, SIZED, type Reference } from './fixed.ts';
import { inlined } from './functions.ts';
import type { Value } from '../graph/graph.ts';
import {
  ModelProtoSchema,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb.ts';
import { ADVICE, attributesOf, declaredDims, tensorOf } from './proto.ts';
import { unified, type NodeReplacement, type PendingNode, type Precision } from './pending.ts';
import { checkSupported, FIRST_OPSET, LAST_OPSET, writeNode } from './support.ts';
import { upgradeNode } from './upgrade.ts';

/** Dims up to this are a batch or colours, and not a picture's size. */
const CHANNELS = 4;

/** How a node is written. */
interface Writing {
  readonly replace?: NodeReplacement;
  readonly precision?: Precision;
  readonly reference?: Reference | undefined;
  /** Hands out the node in its newest form. */
  readonly onRead?: (node: PendingNode) => void;
}

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
   * `replace` may stand in for single nodes (another kind of pooling, say). Numbers of pixels that the file holds for
   * pictures of its own size are brought to this one's (fixed.ts).
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
    const needed = this.#needed(wanted, values);
    const references = given instanceof Map ? null : this.#references(given as Value, needed);
    for (const proto of needed) {
      const reference = references?.get(proto);
      const outputs = this.#write(b, proto, lookup, { replace, precision, reference });
      proto.output.forEach((name, i) => {
        if (outputs[i]) values.set(name, outputs[i]);
        else left.set(name, `${proto.opType} (node "${proto.name}")`);
      });
    }
    return new Map(wanted.map((name) => [name, lookup(name)]));
  }

  /** Writes as much of the network as can be into `b`: what each node computes first, in order, with its operator. */
  survey(b: GraphBuilder, image: Value): { name: string; op: string; value: Value }[] {
    const found: { name: string; op: string; value: Value }[] = [];
    this.#each(b, this.#nodes, image, (proto, [value]) => {
      const name = proto.output[0]!;
      if (value && name) found.push({ name, op: proto.opType, value });
    });
    return found;
  }

  /** Writes what can be of the nodes over the image, and hands out each with what was read and computed. */
  #each(
    b: GraphBuilder,
    nodes: readonly NodeProto[],
    image: Value,
    visit: (proto: NodeProto, outputs: readonly Value[], node: PendingNode) => void,
  ): void {
    const values = new Map<string, Value>([[this.inputName, image]]);
    const lookup = (name: string): Value => {
      const proto = this.#initializers.get(name);
      const value = values.get(name) ?? (proto && b.initializer(tensorOf(proto), name));
      if (!value) throw new InvalidModelError(`nothing computes "${name}"`, ADVICE);
      values.set(name, value);
      return value;
    };
    for (const proto of nodes) {
      try {
        let read: PendingNode | undefined;
        const outputs = this.#write(b, proto, lookup, { onRead: (node) => (read = node) });
        outputs.forEach((value, i) => {
          if (proto.output[i]) values.set(proto.output[i], value);
        });
        visit(proto, outputs, read!);
      } catch (error) {
        // Whatever lies behind it is not there either.
        if (!(error instanceof RestyleError)) throw error;
      }
    }
  }

  /**
   * Nodes with numbers of pixels, as they are read for a picture of the file's own size, or, if it says none, of another
   * size than this one. Null if there are none, or this is the file's own.
   */
  #references(image: Value, nodes: readonly NodeProto[]): ReadonlyMap<NodeProto, Reference> | null {
    if (!nodes.some(({ opType }) => SIZED.has(opType))) return null;
    const dims = declaredDims(this.#input());
    const declared = dims.length === image.dims.length && dims.every((dim) => dim !== null);
    const other = image.dims.map((dim, i) => dims[i] ?? (dim > CHANNELS ? 2 * dim : dim));
    if (other.every((dim, i) => dim === image.dims[i])) return null;
    const references = new Map<NodeProto, Reference>();
    const b = new GraphBuilder();
    this.#each(b, nodes, b.input('picture', other), (proto, _outputs, node) => {
      if (SIZED.has(node.op)) references.set(proto, { node, declared });
    });
    return references;
  }

  #write(
    b: GraphBuilder,
    proto: NodeProto,
    lookup: (name: string) => Value,
    { replace, precision = 'float32', reference, onRead }: Writing = {},
  ): readonly Value[] {
    const read: PendingNode = {
      name: proto.name || proto.output[0]!,
      op: operatorOf(proto),
      inputs: proto.input.map((name) => (name === '' ? null : lookup(name))),
      attributes: attributesOf(proto),
      outputCount: proto.output.length,
    };
    return explained(read, () => {
      const written = checkSupported(upgradeNode(read, this.opset, b));
      onRead?.(written);
      const node = reference ? atThisSize(b, written, reference) : written;
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
