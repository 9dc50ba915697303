/** Sketches one after the other: what was read of a picture is kept, so that another strength or style is quick. */
import { regionsAt } from '../engine/pipeline/regions/regions.ts';
import { planSketchColours, shownSketch } from '../engine/pipeline/sketch.ts';
import {
  paintRegions,
  Sketcher,
  type Manner,
  type SketchModels,
  type Study,
} from '../engine/pipeline/sketcher.ts';
import { toPixels, toPlanes, type Pixels, type Planes } from '../engine/pipeline/pixels.ts';
import { checkCancelled, type Runtime } from '../engine/runtime/runtime.ts';
import type { Seen, SketchTask } from './contract.ts';

/** Of styles only statistics are kept, 70 kB each. */
const MOST_MANNERS = 64;

export class SketchBook {
  readonly #models: SketchModels;
  readonly #sketcher: Sketcher;
  readonly #manners = new Map<string, Manner>();
  #content: { readonly key: string; readonly study: Study } | null = null;

  private constructor(runtime: Runtime, models: SketchModels) {
    this.#models = models;
    this.#sketcher = new Sketcher(runtime, models);
  }

  /** The book there is, if it is for these networks, or a new one. */
  static for(old: SketchBook | undefined, runtime: Runtime, models: SketchModels): SketchBook {
    if (old) {
      const { network, encoder } = old.#models;
      if (network === models.network && encoder === models.encoder) return old;
      old.dispose();
    }
    return new SketchBook(runtime, models);
  }

  dispose(): void {
    this.#sketcher.dispose();
  }

  /** @throws RestyleError; CancelledError */
  async draw(
    { content, styles, strength, colours, mask }: SketchTask,
    signal: AbortSignal,
  ): Promise<Pixels> {
    const planes = toPlanes(content.pixels);
    const pictures = styles.map(({ pixels, weight }) => ({ planes: toPlanes(pixels), weight }));
    const plan = planSketchColours(colours, planes, pictures);
    // What is seen of a picture depends on the photo where colours are the photo's.
    const own = colours === 'photo' || colours === 'luminance';
    const sight = own ? `${colours} ${keyOf(content)} ` : '';
    const study = await this.#read(`${sight}${keyOf(content)}`, plan.seen);
    if (styles.length === 0) {
      await this.#sketcher.prepare(study);
      return content.pixels;
    }
    const parts = [];
    for (const [i, style] of plan.styles.entries()) {
      checkCancelled(signal);
      const manner = await this.#mannerOf(`${sight}${keyOf(styles[i]!)}`, style.planes);
      parts.push({ manner, weight: style.weight });
    }
    checkCancelled(signal);
    const regions = mask && regionsAt(mask, planes.width, planes.height).regions;
    const brush = { parts, strength, regions };
    const painted = await paintRegions(this.#sketcher, study, plan.seen, brush);
    return toPixels(shownSketch(plan, painted, planes, mask), planes);
  }

  async #read(key: string, seen: Planes): Promise<Study> {
    if (this.#content?.key === key) return this.#content.study;
    this.#content = null;
    this.#content = { key, study: await this.#sketcher.study(seen) };
    return this.#content.study;
  }

  async #mannerOf(key: string, seen: Planes): Promise<Manner> {
    const known = this.#manners.get(key);
    if (known) return known;
    const { manner } = await this.#sketcher.study(seen);
    if (this.#manners.size >= MOST_MANNERS) this.#manners.clear();
    this.#manners.set(key, manner);
    return manner;
  }
}

const keyOf = ({ id, pixels: { width, height } }: Seen): string => `${id} ${width}x${height}`;
