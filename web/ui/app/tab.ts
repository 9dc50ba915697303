/** Tab and icon show how far a run is. */
import { effect } from '@preact/signals';
import { fraction, phase, running } from '../../studio/run/state.ts';
import { texts } from '../../texts/index.ts';

export function showInTab(): void {
  effect(showInTitle);
  effect(showInIcon);
}

function showInTitle(): void {
  const { title } = texts.value;
  if (running.value) document.title = `${Math.floor(100 * fraction.value)} % · ${title}`;
  else document.title = phase.value === 'done' ? `✓ ${title}` : title;
}

const SIDE = 32;
let still: string | null = null;
let shown = -1;

/** A ring that fills up, in place of the page's own icon. */
function showInIcon(): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (!link) return;
  still ??= link.href;
  const part = running.value ? Math.round(fraction.value * 24) : -1;
  if (part === shown) return;
  shown = part;
  link.href = part < 0 ? still : ring(part / 24);
}

function ring(part: number): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext('2d')!;
  const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent');
  const top = -Math.PI / 2;
  const arc = (colour: string, to: number) => {
    context.strokeStyle = colour;
    context.lineWidth = 6;
    context.beginPath();
    context.arc(SIDE / 2, SIDE / 2, SIDE / 2 - 4, top, top + to * 2 * Math.PI);
    context.stroke();
  };
  arc('#8886', 1);
  arc(accent, part);
  return canvas.toDataURL();
}
