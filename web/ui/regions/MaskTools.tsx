import { useId, useRef } from 'preact/hooks';
import { LEFT } from '../../../shared/mask.ts';
import { styles } from '../../studio/pictures/picked.ts';
import {
  brush,
  BRUSH,
  canRedo,
  canUndo,
  choosePaint,
  editing,
  invert,
  loadMask,
  paint,
  problem,
  redo,
  tool,
  TOOLS,
  undo,
} from '../../studio/regions/regions.ts';
import { language, texts } from '../../texts/index.ts';
import { Icon } from '../kit/Icon.tsx';
import { Slider } from '../kit/Slider.tsx';
import { TINTS } from './colours.ts';

/** Under the board: what to paint with, how, and the ways back. */
export function MaskTools() {
  const { regions: t } = texts.value;
  return (
    <div class="line mask-tools">
      <div class="row">
        <Paints />
        <Tools />
        {tool.value !== 'fill' && <Size />}
      </div>
      <div class="row">
        <div class="verbs">
          <IconVerb name="back" label={t.undo} act={undo} disabled={!canUndo.value} />
          <IconVerb name="redo" label={t.redo} act={redo} disabled={!canRedo.value} />
          <IconVerb name="invert" label={t.invert} act={invert} />
          <Load />
        </div>
        <button
          type="button"
          class="verb strong"
          data-verb="regions-done"
          onClick={() => (editing.value = false)}
        >
          {t.done}
        </button>
      </div>
      <p class="refused" role="alert" hidden={!problem.value}>
        {problem.value && wordsOf(problem.value)}
      </p>
    </div>
  );
}

function wordsOf(why: NonNullable<typeof problem.value>): string {
  const t = texts.value.regions.problem;
  return why.why === 'colours' ? t.colours(why.colours, styles.value.length) : t[why.why];
}

/** The photo as it is, and each style. */
function Paints() {
  const { regions: t } = texts.value;
  const name = useId();
  const paints = [
    { label: LEFT, title: t.leave, url: null },
    ...styles.value.map(({ picture }, i) => ({
      label: i + 1,
      title: picture.title[language.value],
      url: picture.url,
    })),
  ];
  return (
    <fieldset class="paints">
      <legend class="for-screen-readers">{t.paint}</legend>
      {paints.map(({ label, title, url }) => (
        <label
          class="tile paint"
          key={label}
          title={title}
          style={{ '--tint': TINTS[label] || undefined }}
        >
          <input
            type="radio"
            name={name}
            value={label}
            checked={paint.value === label}
            aria-label={title}
            onChange={() => choosePaint(label)}
          />
          {url ? (
            <img src={url} alt="" width="44" height="44" decoding="async" />
          ) : (
            <span class="as-it-is">
              <Icon name="photo" />
            </span>
          )}
        </label>
      ))}
    </fieldset>
  );
}

function Tools() {
  const { regions: t } = texts.value;
  const name = useId();
  return (
    <fieldset class="tools">
      <legend class="for-screen-readers">{t.tools}</legend>
      {TOOLS.map((one) => (
        <label class="tool" key={one} title={t.tool[one]}>
          <input
            type="radio"
            name={name}
            value={one}
            checked={tool.value === one}
            aria-label={t.tool[one]}
            onChange={() => (tool.value = one)}
          />
          <Icon name={one} />
        </label>
      ))}
    </fieldset>
  );
}

function Size() {
  const { regions: t } = texts.value;
  return (
    <div class="brush-size">
      <Slider
        label={t.size}
        min={BRUSH.min}
        max={BRUSH.max}
        value={brush.value}
        text={t.percent(brush.value)}
        onInput={(value) => (brush.value = value)}
      />
    </div>
  );
}

interface VerbProps {
  readonly name: 'back' | 'redo' | 'invert';
  readonly label: string;
  readonly act: () => void;
  readonly disabled?: boolean;
}

function IconVerb({ name, label, act, disabled = false }: VerbProps) {
  return (
    <button
      type="button"
      class="verb bare"
      aria-label={label}
      title={label}
      disabled={disabled}
      data-verb={`regions-${name}`}
      onClick={act}
    >
      <Icon name={name} />
    </button>
  );
}

function Load() {
  const { regions: t } = texts.value;
  const input = useRef<HTMLInputElement>(null);
  const picked = () => {
    const file = input.current?.files?.[0];
    if (file) void loadMask(file);
    // The same file chosen again must be a change again.
    if (input.current) input.current.value = '';
  };
  return (
    <>
      <button
        type="button"
        class="verb bare"
        aria-label={t.load}
        title={t.load}
        onClick={() => input.current?.click()}
      >
        <Icon name="load" />
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        tabIndex={-1}
        aria-label={t.load}
        data-file="mask"
        onChange={picked}
      />
    </>
  );
}
