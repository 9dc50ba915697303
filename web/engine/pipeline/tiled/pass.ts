/** One graph over all tiles of a picture. */
import type { Graph } from '../../graph/graph.ts';
import { checkCancelled, type Arrays, type Program, type Runtime } from '../../runtime/runtime.ts';
import { breathe } from '../breathe.ts';
import type { Planes } from '../pixels.ts';
import { crop, type Span } from '../tiles.ts';
import { ownPositions, type Axis, type Cut, type Grid } from './grid.ts';
import { columnsOf, rowsOf } from './passes.ts';
import type { Survey } from './survey.ts';

export interface Tile {
  readonly row: Cut;
  readonly column: Cut;
}

type Pair = readonly [height: number, width: number];

export interface OwnPart {
  readonly rows: Span;
  readonly columns: Span;
  readonly top: number;
  readonly left: number;
}

export interface Course {
  readonly signal?: AbortSignal | undefined;
  /** Called after each tile. */
  readonly onTile?: (() => void) | undefined;
}

export class Pass {
  readonly #program: Program;
  readonly #graph: Graph;
  readonly #survey: Survey;
  readonly grid: Grid;

  private constructor(program: Program, graph: Graph, taken: Survey, grid: Grid) {
    this.#program = program;
    this.#graph = graph;
    this.#survey = taken;
    this.grid = grid;
  }

  static async load(runtime: Runtime, graph: Graph, taken: Survey, grid: Grid): Promise<Pass> {
    return new Pass(await runtime.load(graph, []), graph, taken, grid);
  }

  /**
   * Runs every tile of `image` [C, H, W], one ahead of the one being read.
   *
   * @param feeds inputs beside tile and masks
   * @throws CancelledError between two tiles
   */
  async over(
    image: Planes,
    feeds: (tile: Tile) => Arrays,
    take: (arrays: Arrays, tile: Tile) => void,
    { signal, onTile }: Course = {},
  ): Promise<void> {
    let finish = () => Promise.resolve();
    const { rows, columns } = this.grid;
    for (const row of rows.cuts) {
      for (const column of columns.cuts) {
        await breathe();
        checkCancelled(signal);
        const tile = { row, column };
        const x = crop(image, [0, 0], spanOf(row, rows.length), spanOf(column, columns.length));
        const readout = await this.#program.run({
          x: x.data,
          ...this.#masks(tile),
          ...feeds(tile),
        });
        await finish();
        finish = async () => {
          take(await readout.read(), tile);
          onTile?.();
        };
      }
    }
    await finish();
  }

  #masks({ row, column }: Tile): Arrays {
    const arrays: Arrays = {};
    for (const [tap, [vertical, horizontal]] of this.#survey.strides) {
      const [rows, columns] = [this.dimsOf(rowsOf(tap)), this.dimsOf(columnsOf(tap))];
      if (!rows || !columns) continue;
      arrays[rowsOf(tap)] = ownPositions(this.grid.rows, row, vertical, rows[2]!);
      arrays[columnsOf(tap)] = ownPositions(this.grid.columns, column, horizontal, columns[3]!);
    }
    return arrays;
  }

  /** Dims of an input or output. */
  dimsOf(name: string): readonly number[] | undefined {
    const { inputs, outputs } = this.#graph;
    return [...inputs, ...outputs].find((value) => value.name === name)?.dims;
  }

  /** Where a tile's window of a layer, height x width, lies in the whole layer. */
  windowOf(tap: string, { row, column }: Tile, [height, width]: Pair): [rows: Span, columns: Span] {
    const [vertical, horizontal] = this.#survey.strides.get(tap)!;
    const [top, left] = [row.from / vertical, column.from / horizontal];
    return [
      { from: top, to: top + height },
      { from: left, to: left + width },
    ];
  }

  /** Height and width of a layer over the whole picture, from those of a window. */
  wholeOf(tap: string, window: Pair): [height: number, width: number] {
    const last = { row: this.grid.rows.cuts.at(-1)!, column: this.grid.columns.cuts.at(-1)! };
    const [rows, columns] = this.windowOf(tap, last, window);
    return [rows.to, columns.to];
  }

  /** A tile's own part of a layer: in the whole layer (rows, columns), and in its window (top, left). */
  ownOf(tap: string, tile: Tile, window: Pair): OwnPart {
    const [vertical, horizontal] = this.#survey.strides.get(tap)!;
    const [rows, columns] = this.windowOf(tap, tile, window);
    const own = ({ size }: Axis, { core }: Cut, stride: number, { to }: Span): Span => ({
      from: core.from / stride,
      to: core.to === size ? to : core.to / stride,
    });
    const [y, x] = [
      own(this.grid.rows, tile.row, vertical, rows),
      own(this.grid.columns, tile.column, horizontal, columns),
    ];
    return { rows: y, columns: x, top: y.from - rows.from, left: x.from - columns.from };
  }

  dispose(): void {
    this.#program.dispose();
  }
}

const spanOf = ({ from }: Cut, length: number): Span => ({ from, to: from + length });
