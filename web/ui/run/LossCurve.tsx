import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { StepLosses } from '../../studio/run/state.ts';
import { language, texts } from '../../texts/index.ts';
import type { Plot } from './plot.ts';
import { losses, progress, type Painting } from '../../studio/run/state.ts';

/** Stays as the person left it, from run to run. */
const open = signal(false);

interface Rows {
  readonly losses: readonly StepLosses[];
  readonly steps: number;
}

const underWay = (): Rows => ({ losses: losses.value, steps: progress.value?.steps ?? 1 });

/**
 * Losses by step: of the run under way, or of finished paintings, a plot each. The plotting library comes only when
 * somebody looks.
 */
export function LossCurve({ paintings }: { readonly paintings?: readonly Painting[] }) {
  const t = texts.value.run;
  const lines = paintings ?? losses.value;
  if (lines.length === 0) return null;
  return (
    <details
      class="curve"
      open={open.value}
      onToggle={({ currentTarget }) => (open.value = currentTarget.open)}
    >
      <summary>{t.curve}</summary>
      {open.value && !paintings && <Canvas key={language.value} name={t.curve} read={underWay} />}
      {open.value && paintings && (
        <div class="plots">
          {paintings.map((painting) => (
            <figure key={`${painting.network.id} ${painting.losses.length} ${language.value}`}>
              {paintings.length > 1 && (
                <figcaption class="fine">{painting.network.label}</figcaption>
              )}
              <Canvas name={`${t.curve}: ${painting.network.label}`} read={() => painting} />
            </figure>
          ))}
        </div>
      )}
      <p class="fine">{t.curveHint}</p>
    </details>
  );
}

function Canvas({ name, read }: { readonly name: string; readonly read: () => Rows }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let plot: Plot | null = null;
    let gone = false;
    let stop: () => void = () => undefined;
    void import('./plot.ts').then(({ createPlot }) => {
      if (gone || !host.current) return;
      const { total, style, content } = texts.peek().run;
      const drawn = createPlot(host.current, { total, style, content });
      plot = drawn;
      stop = effect(() => {
        const rows = read();
        drawn.show(rows.losses, rows.steps);
      });
    });
    return () => {
      gone = true;
      stop();
      plot?.dispose();
    };
  }, []);
  return <div class="plot" ref={host} role="img" aria-label={name} />;
}
