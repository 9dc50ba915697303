import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { Check } from '../kit/Check.tsx';
import { Segments } from '../kit/Segments.tsx';
import { Slider } from '../kit/Slider.tsx';
import { area, expected, tooMuch } from '../../studio/run/estimate.ts';
import { photo } from '../../studio/pictures/picked.ts';
import { texts } from '../../texts/index.ts';
import { changed, chooseSize, settings, size, SIZES } from '../../studio/choices/choices.ts';
import { Colours } from './Colours.tsx';
import { Looks } from './Looks.tsx';
import { Networks } from './Networks.tsx';
import {
  chooseUpscaler,
  chosenUpscaler,
  thenUpscale,
  upscalers,
} from '../../studio/networks/networks.ts';

/** Network, look, colours, size, enlargement; the rest is in a drawer. */
export function Choices() {
  return (
    <>
      <Networks />
      <Looks />
      <Colours />
      <Size />
      <Enlargement />
      <Drawer />
    </>
  );
}

/** The place of a size in the list; one from the address may stand between two. */
function indexOf(wanted: number): number {
  const at = SIZES.findIndex((one) => one >= wanted);
  return at < 0 ? SIZES.length - 1 : at;
}

function Size() {
  const { settings: t, fields } = texts.value;
  const id = useId();
  return (
    <div class="group">
      <label class="legend" for={id}>
        {fields.size.label}
        <span class="chosen">{t.sizeHint}</span>
      </label>
      <div class="size">
        <Slider
          id={id}
          min={0}
          max={SIZES.length - 1}
          value={indexOf(size.value)}
          text={t.pixels(size.value)}
          describedBy={`${id}-needs`}
          onInput={(index) => chooseSize(SIZES[index]!)}
        />
        <output for={id}>{t.pixels(size.value)}</output>
      </div>
      <p class="fine needs" id={`${id}-needs`}>
        {t.needs(expected.value.seconds, expected.value.bytes)}
        {tooMuch.value && <strong> {t.tooMuch}</strong>}
      </p>
    </div>
  );
}

/** How many times as wide and high an upscaler makes a picture. */
const LARGER = 4;

function finalSize(): string {
  const { value: picture } = photo;
  if (!picture || area.value === null) return '';
  const scale = settings.value.size / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width, picture.height].map((side) =>
    Math.max(1, Math.round(side * scale)),
  );
  return texts.value.settings.becomes(width! * LARGER, height! * LARGER);
}

function Enlargement() {
  const { settings: t } = texts.value;
  if (upscalers.value.length === 0) return null;
  return (
    <div class="group checks">
      <Check
        label={t.upscale}
        hint={finalSize()}
        checked={thenUpscale.value}
        onChange={(on) => chooseUpscaler(on || null)}
      />
      {thenUpscale.value && upscalers.value.length > 1 && <Upscalers />}
    </div>
  );
}

/** The same picture enlarged truly, or so that it looks sharp. */
function Upscalers() {
  const { settings: t } = texts.value;
  const words: Readonly<Record<string, { readonly label: string; readonly hint: string }>> =
    t.upscalers;
  return (
    <Segments
      class="nested"
      legend={t.enlargement}
      options={upscalers.value.map(({ id, label }) => ({
        value: id,
        ...(words[id] ?? { label, hint: '' }),
      }))}
      value={chosenUpscaler.value?.id ?? null}
      onChoose={chooseUpscaler}
    />
  );
}

/** Stays as the person left it while the page is open. */
const open = signal(false);
const Advanced = signal<ComponentType | null>(null);

/** What most people never need comes when it is looked for. */
function Drawer() {
  const { settings: t } = texts.value;
  const { value: Content } = Advanced;
  useEffect(() => {
    if (!open.value || Content) return;
    void import('./Advanced.tsx').then((module) => (Advanced.value = module.Advanced));
  }, [open.value]);
  return (
    <details
      class="drawer"
      open={open.value}
      onToggle={({ currentTarget }) => (open.value = currentTarget.open)}
    >
      <summary>
        {t.advanced}
        {changed.value > 0 && <span class="chosen">{t.changed(changed.value)}</span>}
      </summary>
      {open.value && Content && <Content />}
    </details>
  );
}
