/** Sketches one after the other: what was read of a picture is kept, so that another strength or style is quick. */
import {
  mixManners,
  Sketcher,
  type Manner,
  type SketchModels,
  type Study,
} from '../engine/pipeline/sketch.ts';
import { toPixels, toPlanes, type Pixels, type Planes } from '../engine/pipeline/pixels.ts';
import { checkCancelled, type Runtime } from '../engine/runtime/runtime.ts';
import type { Seen, SketchTask } from './contract.ts';

/** Of styles only statistics are kept, 70 kB each. */
const MOST_MANNERS = 64;

interface Read {
  readonly key: string;
  readonly planes: Planes;
  readonly study: Study;
}

export class SketchBook {
  readonly #models: SketchModels;
  readonly #sketcher: Sketcher;
  readonly #manners = new Map<string, Manner>();
  #content: Read | null = null;

  private constructor(runtime: Runtime, models: SketchModels) {
    this.#models = models;
    this.#sketcher = new Sketcher(runtime, models);
  }

  /** The book there is, if it is for these networks, or a new one. */
  static for(old: SketchBook | undefined, runtime: Runtime, models: SketchModels): SketchBook {
    if (old) {
      const { network, encoder } = old.#models;
      if (network === models.network && encoder === models.encoder) return old;
      old.#sketcher.dispose();
    }
    return new SketchBook(runtime, models);
  }

  /** @throws RestyleError; CancelledError */
  async draw({ content, styles, strength }: SketchTask, signal: AbortSignal): Promise<Pixels> {
    const { planes, study } = await this.#read(content);
    const parts = [];
    for (const style of styles) {
      checkCancelled(signal);
      parts.push({ manner: await this.#mannerOf(style), weight: style.weight });
    }
    checkCancelled(signal);
    const { data } = await this.#sketcher.paint(study, mixManners(parts), strength);
    return toPixels(data, planes);
  }

  async #read(seen: Seen): Promise<Read> {
    const key = keyOf(seen);
    if (this.#content?.key === key) return this.#content;
    this.#content = null;
    const planes = toPlanes(seen.pixels);
    this.#content = { key, planes, study: await this.#sketcher.study(planes) };
    return this.#content;
  }

  async #mannerOf(seen: Seen): Promise<Manner> {
    const key = keyOf(seen);
    const known = this.#manners.get(key);
    if (known) return known;
    const { manner } = await this.#sketcher.study(toPlanes(seen.pixels));
    if (this.#manners.size >= MOST_MANNERS) this.#manners.clear();
    this.#manners.set(key, manner);
    return manner;
  }
}

const keyOf = ({ id, pixels: { width, height } }: Seen): string => `${id} ${width}x${height}`;
