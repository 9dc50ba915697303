/** The table of losses. A pipeline knows this table, and no loss by name. */
import type { StyleSettings } from '../../../shared/settings.ts';
import { activations } from './activations.ts';
import { gram } from './gram.ts';
import type { ContentLoss, StyleLoss } from './loss.ts';

export const STYLE_LOSSES = { gram } as const satisfies Record<string, StyleLoss>;

export const CONTENT_LOSSES = { activations } as const satisfies Record<string, ContentLoss>;

export const styleLossOf = (_settings: StyleSettings): StyleLoss => STYLE_LOSSES.gram;

export const contentLossOf = (_settings: StyleSettings): ContentLoss => CONTENT_LOSSES.activations;

export type { ContentLoss, LayerContext, StyleLoss } from './loss.ts';
