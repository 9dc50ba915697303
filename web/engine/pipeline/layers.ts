import { PRESETS, type Layer, type StyleSettings } from '../../../shared/settings.ts';
import { InvalidRequestError } from '../errors.ts';
import type { FeatureNetwork } from '../networks/network.ts';

export interface ChosenLayers {
  readonly style: readonly Layer[];
  readonly content: readonly Layer[];
  /** What had to be left out, in words. */
  readonly notes: readonly string[];
}

/** Names that presets may ask of a network that lacks them; anything else that is missing is a mistake. */
const PRESET_TAPS: ReadonlySet<string> = new Set(
  Object.values(PRESETS).flatMap(({ styleLayers, contentLayers }: StyleSettings) =>
    [...styleLayers, ...contentLayers].map(({ tap }) => tap),
  ),
);

/**
 * The layers of a run: those of the settings, else the network's defaults. A preset's layers that a smaller network
 * lacks are left out, with a note; if none is left, the network's own stand in.
 */
export function chooseLayers(network: FeatureNetwork, settings: StyleSettings): ChosenLayers {
  const notes: string[] = [];
  const choose = (
    kind: string,
    wanted: readonly Layer[],
    own: readonly Layer[],
  ): readonly Layer[] => {
    if (wanted.length === 0) return own;
    const missing = wanted.filter(({ tap }) => !network.taps.includes(tap) && PRESET_TAPS.has(tap));
    const present = wanted.filter((layer) => !missing.includes(layer));
    if (missing.length === 0) return wanted;
    const names = missing.map(({ tap }) => tap).join(', ');
    if (present.length > 0) {
      notes.push(`${kind} without ${names}, which this network does not have`);
      return present;
    }
    notes.push(`${kind} from this network's own layers, as it has no ${names}`);
    return own;
  };
  const { styleLayers, contentLayers } = network.description;
  const style = choose('style', settings.styleLayers, styleLayers);
  const content = choose('content', settings.contentLayers, contentLayers);
  if (style.length === 0 && content.length === 0) {
    throw new InvalidRequestError(
      'this network names no layers of its own, so the layers must be given',
      `Choose style and content layers among: ${network.taps.slice(0, 40).join(', ')}.`,
    );
  }
  return { style, content, notes };
}
