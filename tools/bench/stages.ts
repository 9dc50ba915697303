/** A feature network as stages with their weights, for programs that read no ONNX. */
import type { FeatureNetwork } from '../../web/engine/networks/network.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import {
  intAttribute,
  intsAttribute,
  type Node,
  type Value,
} from '../../web/engine/graph/graph.ts';
import { toFloat32 } from '../../web/engine/graph/tensor.ts';
import { UsageError } from '../cli.ts';
import type { Stage } from './task.ts';

export interface Staged {
  readonly stages: readonly Stage[];
  readonly weights: Float32Array;
  /** The stage after which a tap is read. */
  readonly stageOf: ReadonlyMap<string, number>;
}

/** Any size does: nothing of the stages depends on it. */
const SIZE = 64;

/** @throws UsageError if the network has other stages than VGG's and ResNet's */
export function inStages(network: FeatureNetwork, taps: readonly string[]): Staged {
  const b = new GraphBuilder();
  const image = b.input('image', [1, 3, SIZE, SIZE]);
  const tapped = network.tap(b, image, taps);
  const stages: Stage[] = [];
  const store = new FloatStore();
  const places = new Map<Value, number>([[image, -1]]);
  for (const node of b.nodes) {
    const from = places.get(node.inputs[0]!);
    if (from === undefined)
      throw new UsageError(`the bench does not know what "${node.name}" takes`);
    if (node.op === 'Identity') {
      places.set(node.outputs[0]!, from);
      continue;
    }
    const [, other] = node.inputs;
    const second = other ? places.get(other) : undefined;
    stages.push({ from, ...stageOf(node, second, store) });
    places.set(node.outputs[0]!, stages.length - 1);
  }
  const stageOfTap = new Map([...tapped].map(([name, value]) => [name, places.get(value)!]));
  return { stages, weights: store.joined(), stageOf: stageOfTap };
}

type Unplaced<S> = S extends Stage ? Omit<S, 'from'> : never;

/** @param second the stage of the second operand, where that is none of the weights */
function stageOf(node: Node, second: number | undefined, store: FloatStore): Unplaced<Stage> {
  const [, weights, bias] = node.inputs;
  /** Of an attribute whose numbers are all the same. */
  const one = (name: string, otherwise: number) => {
    const [first = otherwise, ...others] = intsAttribute(node.attributes, name, []);
    return others.every((other) => other === first) ? first : NaN;
  };
  const { op } = node;
  if ((op === 'Mul' || op === 'Add') && weights?.data && weights.dims.join() === '1,3,1,1') {
    return { op: op === 'Mul' ? 'scale' : 'shift', data: store.add(weights) };
  }
  if (op === 'Add' && second !== undefined) return { op: 'sum', and: second };
  if (op === 'Relu') return { op: 'relu' };
  const [size, stride, pad] = [one('kernel_shape', NaN), one('strides', 1), one('pads', 0)];
  if (op === 'Conv' && weights?.data && Number.isFinite(size + stride + pad) && plain(node)) {
    const [out, from] = weights.dims as [number, number];
    const shift = bias?.data ? toFloat32(bias.data) : new Float32Array(out);
    const [data, at] = [store.add(weights), store.push(shift)];
    return { op: 'conv', in: from, out, size, pad, stride, data, bias: at };
  }
  if (op === 'MaxPool' && Number.isFinite(size + stride) && pad === 0) {
    return { op: 'pool', size, stride, ceil: intAttribute(node.attributes, 'ceil_mode', 0) === 1 };
  }
  throw new UsageError(`the bench runs stages of VGG and ResNet; "${node.name}" is another ${op}`);
}

/** Neither in groups nor with gaps. */
const plain = ({ attributes }: Node): boolean =>
  intAttribute(attributes, 'group', 1) === 1 &&
  intsAttribute(attributes, 'dilations', []).every((gap) => gap === 1);

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
