/** The table of losses. A pipeline knows this table, and no loss by name. */
import type { StyleSettings } from '../../../shared/settings.ts';
import { activations } from './activations.ts';
import { gram } from './gram.ts';
import type { ContentLoss, StyleLoss } from './loss.ts';
import { moments } from './moments.ts';
import { swag, swagContent } from './swag.ts';
import { wasserstein } from './wasserstein.ts';

export const STYLE_LOSSES = {
  gram,
  wasserstein,
  moments,
  swag,
} as const satisfies Record<StyleSettings['styleLossKind'], StyleLoss>;

export const CONTENT_LOSSES = {
  activations,
  swag: swagContent,
} as const satisfies Record<StyleSettings['contentLossKind'], ContentLoss>;

export const styleLossOf = (settings: StyleSettings): StyleLoss =>
  STYLE_LOSSES[settings.styleLossKind];

export const contentLossOf = (settings: StyleSettings): ContentLoss =>
  CONTENT_LOSSES[settings.contentLossKind];

export type { ContentLoss, LayerContext, StyleLoss } from './loss.ts';
export { guided, type Guide } from './guided.ts';
