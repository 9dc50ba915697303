/** The loss curves, drawn by uPlot. Loaded on request. */
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { StepLosses } from '../../studio/run/state.ts';

export interface Plot {
  /** `steps`: of the whole run. */
  show(losses: readonly StepLosses[], steps: number): void;
  dispose(): void;
}

type Labels = Readonly<Record<'total' | 'style' | 'content', string>>;

const HEIGHT = 180;
// uPlot names it in a const enum, which only its own types can see.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const LOGARITHMIC = 3 as UPlot.Scale.Distr;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
/** A line a decade; those between would be a grey field. */
const decades: UPlot.Axis.Filter = (_plot, splits) =>
  splits.map((value) => (Number.isInteger(Number(Math.log10(value).toFixed(6))) ? value : null));
/** Above this nobody sees single points. */
const MAX_POINTS = 2000;

export function createPlot(host: HTMLElement, labels: Labels): Plot {
  let last = 1;
  const range = (): UPlot.Range.MinMax => [1, Math.max(2, last)];
  const plot = new UPlot(options(host, labels, range), [[], [], [], []], host);
  const resize = new ResizeObserver(() =>
    plot.setSize({ width: host.clientWidth, height: HEIGHT }),
  );
  resize.observe(host);
  // Colours are drawn, not styled, so a change of theme has to redraw them.
  const theme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => plot.redraw();
  theme.addEventListener('change', redraw);
  return {
    show(losses, steps) {
      last = steps;
      plot.setData(columns(losses));
    },
    dispose() {
      theme.removeEventListener('change', redraw);
      resize.disconnect();
      plot.destroy();
    },
  };
}

function columns(losses: readonly StepLosses[]): UPlot.AlignedData {
  const stride = Math.ceil(losses.length / MAX_POINTS);
  const rows = losses.filter((row, i) => i % stride === 0 || starts(losses, i));
  // A gap where the scale changes: the losses of two scales do not compare.
  const line = (read: (row: StepLosses) => number) =>
    rows.map((row, i) => (starts(rows, i) && i > 0 ? null : read(row) || null));
  return [
    rows.map(({ step }) => step),
    line(({ total }) => total),
    line(({ style }) => style),
    line(({ content }) => content),
  ];
}

const starts = (rows: readonly StepLosses[], i: number) => rows[i]!.scale !== rows[i - 1]?.scale;

function options(
  host: HTMLElement,
  labels: Labels,
  range: () => UPlot.Range.MinMax,
): UPlot.Options {
  const colour = (name: string) => () => getComputedStyle(host).getPropertyValue(name);
  const axis = (): UPlot.Axis => ({
    stroke: colour('--ink-soft'),
    grid: { stroke: colour('--hairline'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  });
  const series = (label: string, name: string, width: number): UPlot.Series => ({
    label,
    class: name.slice(2),
    stroke: colour(name),
    width,
    points: { show: false },
    value: (_plot, value: number | null) => (value === null ? '–' : value.toPrecision(4)),
  });
  return {
    width: Math.max(200, host.clientWidth),
    height: HEIGHT,
    scales: { x: { time: false, range }, y: { distr: LOGARITHMIC } },
    axes: [
      { ...axis(), grid: { show: false }, size: 30, incrs: STEPS },
      { ...axis(), grid: { ...axis().grid, filter: decades }, size: 56 },
    ],
    // Their colours are styled: drawn ones would stay those of the theme of the beginning.
    legend: { live: false, markers: { width: 0 } },
    cursor: { drag: { x: false, y: false } },
    series: [
      {},
      series(labels.total, '--accent', 2),
      series(labels.style, '--curve-style', 1.5),
      series(labels.content, '--curve-content', 1.5),
    ],
  };
}
