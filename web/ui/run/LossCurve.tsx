import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { language, texts } from '../texts/index.ts';
import type { Plot } from './plot.ts';
import { job, losses } from './run.ts';

/** Stays as the person left it, from run to run. */
const open = signal(false);

/** Losses by step. The plotting library comes only when somebody looks. */
export function LossCurve() {
  const t = texts.value.run;
  if (losses.value.length === 0) return null;
  return (
    <details
      class="curve"
      open={open.value}
      onToggle={({ currentTarget }) => (open.value = currentTarget.open)}
    >
      <summary>{t.curve}</summary>
      {open.value && <Canvas key={language.value} />}
      <p class="fine">{t.curveHint}</p>
    </details>
  );
}

function Canvas() {
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
      stop = effect(() => drawn.show(losses.value, job.value?.settings.steps ?? 1));
    });
    return () => {
      gone = true;
      stop();
      plot?.dispose();
    };
  }, []);
  return <div class="plot" ref={host} role="img" aria-label={texts.value.run.curve} />;
}
