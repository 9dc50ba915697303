/** A run's mask at the sizes that it is painted at. */
import { writeMask, type Mask } from '../../../../shared/mask.ts';
import type { FeatureNetwork } from '../../networks/network.ts';
import type { ColourPlan } from '../colourPlan.ts';
import type { ChosenLayers } from '../layers.ts';
import { rgbOf, type Planes } from '../pixels.ts';
import { resample } from '../resample.ts';
import { mixOf, type Mix, type StyleImage } from '../targets.ts';
import { guide } from './guidance.ts';
import { overPhoto, regionsAt, type Region, type Regions } from './regions.ts';
import { holdOf, type Scope } from './scope.ts';

type Size = Pick<Planes, 'width' | 'height'>;

/** Remembers what it worked out of the size that it was last asked for. */
export class Masking {
  readonly #mask: Mask | undefined;
  readonly #network: FeatureNetwork;
  readonly #layers: ChosenLayers;
  /** Of the mask, as checkpoints have it. */
  readonly text: string | null;
  #last: (Size & { readonly regions: Regions; scope?: Scope }) | undefined;

  /** `mask` undefined: all styles everywhere. */
  constructor(mask: Mask | undefined, network: FeatureNetwork, layers: ChosenLayers) {
    this.#mask = mask;
    this.#network = network;
    this.#layers = layers;
    this.text = mask ? writeMask(mask) : null;
  }

  #at({ width, height }: Size) {
    if (!this.#mask) return undefined;
    if (this.#last?.width !== width || this.#last.height !== height)
      this.#last = { width, height, regions: regionsAt(this.#mask, width, height) };
    return this.#last;
  }

  regionsAt(size: Size): readonly Region[] | undefined {
    return this.#at(size)?.regions.regions;
  }

  /** What the objective of a size takes. `seen`: the photo as the network sees it, of any size. */
  scopeAt(size: Size, seen: Planes, pixelRange: number): Scope | undefined {
    const last = this.#at(size);
    if (!last) return undefined;
    const { regions, painted } = last.regions;
    last.scope ??= {
      guidance: guide(this.#network, this.#layers, regions),
      hold: painted && holdOf(painted, rgbOf(resample(seen, size.width, size.height)), pixelRange),
    };
    return last.scope;
  }

  /** What of each style every region is painted with. */
  mixes(styles: readonly StyleImage[], size: Size): readonly Mix[] {
    const only = (index: number): Mix => styles.map((_, i) => Number(i === index));
    return this.regionsAt(size)?.map(({ style }) => only(style)) ?? [mixOf(styles)];
  }

  /** The plan with its regions, and with the photo where that is left alone. */
  over(plan: ColourPlan): ColourPlan {
    if (!this.#mask) return plan;
    const shown: ColourPlan['shown'] = (rgb, photo) => {
      const { regions, painted } = this.#at(photo)!.regions;
      const painting = plan.shown(rgb, photo, regions);
      return painted ? overPhoto(painting, photo.data, painted) : painting;
    };
    return { ...plan, shown };
  }
}
