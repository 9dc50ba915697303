/** The pass that writes convolutions by Winograd, and keeps what lies between them in tiles. */
import type { GraphBuilder } from '../graph/builder.ts';
import {
  intAttribute,
  intsAttribute,
  stringAttribute,
  type Graph,
  type Node,
  type Value,
} from '../graph/graph.ts';
import { sizeOf, toNumbers } from '../graph/tensor.ts';
import { sameDims } from '../graph/writer.ts';
import { halves } from './pooling.ts';
import { Rewriter } from './rewriter.ts';
import {
  aligned,
  cleaned,
  fromTiles,
  halvesToTiles,
  tiledConv,
  tiledGram,
  tiledPool,
  tiledPoolGradient,
  tiledProduct,
  tiledSum,
  tilesAlong,
  tilesToHalves,
  toTiles,
  type Tiled,
} from './tiles.ts';
import { Winograd } from './winograd.ts';

/** A 3 x 3 convolution of stride 1, of [channels, height, width] to [out, ...]. */
export interface Convolution {
  readonly channels: number;
  readonly out: number;
  readonly height: number;
  readonly width: number;
  /** What it reads is there in tiles, and nowhere else. */
  readonly inTiles: boolean;
}

/** Whether it gains by Winograd; measured, per backend. */
export type Gains = (layer: Convolution) => boolean;

/** Works on each element by itself; of several operands, some may be scalars or one number a channel. */
const ELEMENTWISE: ReadonlySet<string> = new Set(
  'Add Sub Mul Div Max Min Where Equal Greater GreaterOrEqual Less LessOrEqual Relu LeakyRelu Neg Abs Sqrt Exp Sigmoid Tanh Sign Identity Dropout'.split(
    ' ',
  ),
);
/** Of zeros alone they make zeros. */
const KEEPS_ZERO: ReadonlySet<string> = new Set(
  'Add Sub Mul Max Min Relu LeakyRelu Neg Abs Sqrt Tanh Sign Identity Dropout'.split(' '),
);

export function tiledConvolutions(graph: Graph, gains: Gains): Graph {
  return new Layout(graph, gains).run();
}

class Layout {
  readonly #rewriter: Rewriter;
  readonly #gains: Gains;
  readonly #winograd: Winograd;
  /** Old values by their form in tiles; of [C, H·W], that of the picture it was reshaped from. */
  readonly #tiled = new Map<Value, Tiled>();
  /** Pooled pictures, with the tiles of the larger one. */
  readonly #halves = new Map<Value, Value>();
  /** What is written only when somebody asks: matrices in tiles transposed, pictures in tiles summed along rows. */
  readonly #deferred = new Map<Value, Node>();

  constructor(graph: Graph, gains: Gains) {
    this.#rewriter = new Rewriter(graph);
    this.#gains = gains;
    this.#winograd = new Winograd(this.#rewriter.b);
  }

  run(): Graph {
    return this.#rewriter.run(
      (node) => {
        if (!this.#inTiles(node)) this.#copy(node);
      },
      (old) => this.#plain(old),
    );
  }

  get #b(): GraphBuilder {
    return this.#rewriter.b;
  }

  #copy(node: Node): void {
    this.#rewriter.copy(
      node,
      node.inputs.map((input) => input && this.#plain(input)),
    );
  }

  #plain(old: Value): Value {
    const known = this.#rewriter.find(old);
    if (known) return known;
    const tiled = this.#tiled.get(old);
    if (tiled) this.#rewriter.set(old, this.#b.reshape(fromTiles(this.#b, tiled), old.dims));
    else this.#copy(this.#deferred.get(old)!);
    return this.#rewriter.find(old)!;
  }

  #tiles(old: Value): Tiled {
    let tiled = this.#tiled.get(old);
    if (!tiled) {
      tiled = toTiles(this.#b, this.#plain(old), old.dims.slice(1) as [number, number, number]);
      this.#tiled.set(old, tiled);
    }
    return tiled;
  }

  /** Is it in tiles, and nowhere else? */
  #only(old: Value | null | undefined): Tiled | undefined {
    return old && !this.#rewriter.find(old) ? this.#tiled.get(old) : undefined;
  }

  #keep(node: Node, tiled: Tiled): true {
    this.#tiled.set(node.outputs[0]!, tiled);
    return true;
  }

  #inTiles(node: Node): boolean {
    switch (node.op) {
      case 'Conv':
        return this.#conv(node);
      case 'MaxPool':
        return this.#pool(node);
      case 'MaxPoolGradient':
        return this.#poolGradient(node);
      case 'Reshape':
        return this.#reshape(node);
      case 'Transpose':
        if (!this.#only(node.inputs[0])) return false;
        this.#deferred.set(node.outputs[0]!, node);
        return true;
      case 'MatMul':
        return this.#product(node);
      case 'ReduceSum':
        return this.#sum(node);
      default:
        return ELEMENTWISE.has(node.op) && this.#elementwise(node);
    }
  }

  #conv(node: Node): boolean {
    const [x, weights, bias] = node.inputs as [Value, Value, Value?];
    const [n, c, h, w] = x.dims as [number, number, number, number];
    const [out, , kh, kw] = weights.dims as [number, number, number, number];
    const ones = (name: string) => intsAttribute(node.attributes, name, []).every((i) => i === 1);
    const pads = intsAttribute(node.attributes, 'pads', [0, 0, 0, 0]);
    const fits =
      n === 1 &&
      x.dtype === 'float32' &&
      weights.data !== null &&
      ones('strides') &&
      ones('dilations') &&
      intAttribute(node.attributes, 'group', 1) === 1 &&
      stringAttribute(node.attributes, 'auto_pad', 'NOTSET') === 'NOTSET';
    if (!fits) return false;
    const kernel = this.#plain(weights);
    const shift = bias ? this.#plain(bias) : null;
    const tiled = this.#only(x);
    const layer = { channels: c, out, height: h, width: w, inTiles: tiled !== undefined };
    if (kh === 3 && kw === 3 && pads.every((pad) => pad <= 2) && this.#gains(layer)) {
      return this.#keep(
        node,
        tiledConv(this.#b, this.#winograd, this.#tiles(x), kernel, shift, pads),
      );
    }
    if (!tiled || kh !== 1 || kw !== 1 || pads.some((pad) => pad !== 0)) return false;
    return this.#keep(node, tiledProduct(this.#b, kernel, tiled, shift));
  }

  #pool(node: Node): boolean {
    const x = this.#only(node.inputs[0]);
    if (!x || !halves(node)) return false;
    const [, , height, width] = node.outputs[0]!.dims as [number, number, number, number];
    const pooled = tiledPool(this.#b, x);
    this.#halves.set(node.outputs[0]!, pooled);
    return this.#keep(node, halvesToTiles(this.#b, pooled, height, width));
  }

  #poolGradient(node: Node): boolean {
    const [x, y, dy] = node.inputs as [Value, Value, Value];
    const pooled = this.#halves.get(y);
    if (!pooled) return false;
    const [th, tw] = [tilesAlong(x.dims[2]!), tilesAlong(x.dims[3]!)];
    const received = tilesToHalves(this.#b, cleaned(this.#b, this.#tiles(dy)), th, tw);
    return this.#keep(node, tiledPoolGradient(this.#b, this.#tiles(x), pooled, received));
  }

  /** [1, C, H, W] to [C, H·W] and back: the same tiles. */
  #reshape(node: Node): boolean {
    const tiled = this.#only(node.inputs[0]);
    const { dims } = node.outputs[0]!;
    if (!tiled) return false;
    const channels = tiled.value.dims[4]!;
    const matrix = [channels, tiled.height * tiled.width];
    const picture = [1, channels, tiled.height, tiled.width];
    return (sameDims(dims, matrix) || sameDims(dims, picture)) && this.#keep(node, tiled);
  }

  /** F·Fᵀ, and a matrix times F. */
  #product(node: Node): boolean {
    const [left, right] = node.inputs as [Value, Value];
    const gram = this.#only(left);
    const transposed = this.#deferred.get(right);
    if (gram && transposed?.op === 'Transpose' && transposed.inputs[0] === left) {
      this.#rewriter.set(node.outputs[0]!, tiledGram(this.#b, gram));
      return true;
    }
    const columns = this.#only(right);
    if (!columns || left.dims.length !== 2) return false;
    return this.#keep(node, tiledProduct(this.#b, this.#plain(left), columns));
  }

  /** Over a picture's columns, then its rows. */
  #sum(node: Node): boolean {
    const x = node.inputs[0]!;
    const given = node.inputs[1]?.data;
    if (!given) return false;
    const axes = toNumbers(given).join();
    const keeps = intAttribute(node.attributes, 'keepdims', 1) === 1;
    if (axes === '3' && keeps && this.#only(x)) {
      this.#deferred.set(node.outputs[0]!, node);
      return true;
    }
    const inner = this.#deferred.get(x);
    const tiled = inner?.op === 'ReduceSum' && this.#only(inner.inputs[0]);
    if (axes !== '2' || !keeps || !tiled) return false;
    this.#rewriter.set(node.outputs[0]!, tiledSum(this.#b, tiled));
    return true;
  }

  #elementwise(node: Node): boolean {
    const { dims } = node.outputs[0]!;
    const inputs = node.inputs.filter((input) => input !== null);
    if (dims.length !== 4 || !inputs.some((input) => this.#only(input))) return false;
    const whole = (value: Value) => sameDims(value.dims, dims);
    const perChannel = [1, dims[1]!, 1, 1];
    const fits = (value: Value) =>
      whole(value) || sizeOf(value.dims) === 1 || sameDims(padded(value.dims), perChannel);
    if (!inputs.every(fits) || inputs.length !== node.inputs.length) return false;
    const forms = inputs.map((value) => (whole(value) ? this.#tiles(value) : null));
    const operands = inputs.map((value, i) => forms[i]?.value ?? this.#narrow(value));
    const value = this.#b.nodeOf(node.op, operands, node.attributes).outputs[0]!;
    const first = forms.find((form) => form !== null)!;
    const clean = aligned(first) || (KEEPS_ZERO.has(node.op) && forms.every((form) => form?.clean));
    return this.#keep(node, { ...first, value, clean });
  }

  /** A scalar, or one number a channel, to be broadcast over tiles. */
  #narrow(value: Value): Value {
    const own = this.#plain(value);
    return this.#b.reshape(own, sizeOf(value.dims) === 1 ? [] : [sizeOf(value.dims)]);
  }
}

const padded = (dims: readonly number[]): readonly number[] => [
  ...Array<number>(4 - dims.length).fill(1),
  ...dims,
];
