import { PRESETS, type Layer, type StyleSettings } from '../../../shared/settings.ts';
import { InvalidRequestError } from '../errors.ts';
import { PICTURE, type FeatureNetwork } from '../networks/network.ts';
import { suggestLayers } from '../networks/suggest.ts';

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
 * lacks are left out, with a note; if none is left, the network's own stand in. Of a network that names none, those are
 * suggested by depth, with a note.
 */
export function chooseLayers(network: FeatureNetwork, settings: StyleSettings): ChosenLayers {
  const notes: string[] = [];
  const { contentLayers } = network.description;
  const styleLayers = decaying(network.description.styleLayers, settings.layerDecay);
  const unnamed = styleLayers.length === 0 && contentLayers.length === 0;
  // Costs a look through the network, so only where it is asked for.
  const suggested = (kind: 'style' | 'content'): readonly Layer[] => {
    const found = suggestLayers(network)[kind];
    const layers = kind === 'style' ? decaying(found, settings.layerDecay) : found;
    if (layers.length === 0) throw nothingToSuggest(network, kind);
    const names = layers.map(({ tap }) => tap).join(', ');
    notes.push(`${kind} from ${names}, as this network names no layers of its own`);
    return layers;
  };
  const choose = (
    kind: 'style' | 'content',
    wanted: readonly Layer[],
    named: readonly Layer[],
  ): readonly Layer[] => {
    const own = () => (unnamed ? suggested(kind) : named);
    if (wanted.length === 0) return own();
    const missing = wanted.filter(({ tap }) => !network.taps.includes(tap) && PRESET_TAPS.has(tap));
    const present = wanted.filter((layer) => !missing.includes(layer));
    if (missing.length === 0) return wanted;
    const names = missing.map(({ tap }) => tap).join(', ');
    if (present.length > 0) {
      notes.push(`${kind} without ${names}, which this network does not have`);
      return present;
    }
    if (!unnamed) notes.push(`${kind} from this network's own layers, as it has no ${names}`);
    return own();
  };
  const style = choose('style', settings.styleLayers, styleLayers);
  const content = choose('content', settings.contentLayers, contentLayers);
  if (unnamed && !settings.preprocess) {
    notes.push('this network is shown pictures as RGB 0..1; say so if it expects another input');
  }
  return { style: [...palette(settings), ...style], content, notes };
}

/**
 * The colours as one more style layer: total variation takes of their contrast, which the network's layers hardly see.
 * A softmax of colours, as of SWAG, says nothing.
 */
const palette = ({ paletteWeight, styleLossKind }: StyleSettings): readonly Layer[] =>
  paletteWeight > 0 && styleLossKind !== 'swag' ? [{ tap: PICTURE, weight: paletteWeight }] : [];

/** What the weighted sum over the style layers is multiplied by; the mean is over those of the network. */
export function styleShare(
  { style }: Pick<ChosenLayers, 'style'>,
  { layerSum, styleWeight }: StyleSettings,
): number {
  const count = style.filter(({ tap }) => tap !== PICTURE).length;
  return layerSum === 'mean' ? styleWeight / Math.max(1, count) : styleWeight;
}

function nothingToSuggest(network: FeatureNetwork, kind: string): InvalidRequestError {
  return new InvalidRequestError(
    `this network names no layers of its own, and none can be suggested for ${kind}`,
    `Choose style and content layers among: ${network.taps.slice(0, 40).join(', ')}.`,
  );
}

/** Each layer counts `decay` times less than the one before; their mean weight stays. */
function decaying(layers: readonly Layer[], decay: number): readonly Layer[] {
  if (decay === 1) return layers;
  const factors = layers.map((_, i) => decay ** -i);
  const sum = factors.reduce((all, factor) => all + factor, 0);
  return layers.map(({ tap, weight }, i) => ({
    tap,
    weight: (weight * factors[i]! * layers.length) / sum,
  }));
}
