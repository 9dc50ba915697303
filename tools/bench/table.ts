/** Results for people. */
import { availableParallelism } from 'node:os';
import type { Measured, Result } from './measure.ts';

/** Losses that differ by more did not come from the same work. */
export const AGREE = 1e-3;

/** What is aimed at, by task: at least so many times as fast as TensorFlow.js, at most so many times PyTorch's time. */
const AIMS: Readonly<Record<string, { readonly tfjs?: number; readonly torch?: number }>> = {
  'lite-vgg, 256 px': { torch: 1 },
  'vgg19, 256 px': { tfjs: 20, torch: 1.2 },
  'vgg19, first five convolutions, 128 px': { tfjs: 10, torch: 1.2 },
};

export function short(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}

/** The engine in one place on the most threads. */
function ours({ programs }: Result, place: Measured['place']): Measured | undefined {
  const own = programs.filter((row) => row.maker === 'engine' && row.place === place && !row.error);
  return own.sort((a, b) => b.threads - a.threads)[0];
}

export function tableOf(result: Result): string {
  const [node, chromium] = [ours(result, 'Node'), ours(result, 'Chromium')];
  const header = ['', 'ms/step', 'best', 'CPU ms', 'GFLOP/s', 'steps', 'Node/it', 'Chromium/it'];
  const rows = result.programs.map((row) =>
    row.error
      ? [row.name, 'failed']
      : [
          row.name,
          short(row.median),
          short(Math.min(...row.ms)),
          short(row.cpuMs),
          short(row.gflops),
          `${row.warmUp}+${row.ms.length}`,
          node ? short(node.median / row.median) : '-',
          chromium ? short(chromium.median / row.median) : '-',
        ],
  );
  const load = result.load.map((value) => value.toFixed(1)).join(' to ');
  return [
    `${result.name}: ${short(result.gflop)} GFLOP a step; load average ${load}`,
    ...align([header, ...rows]),
    ...result.programs.filter(({ error }) => error).map(({ name, error }) => `${name}: ${error!}`),
    agreementLine(result),
    ...verdicts(result),
    ...busy(result),
    '',
  ].join('\n');
}

/** The bench itself keeps as many threads going as there are cores. */
function busy({ load }: Result): string[] {
  const cores = availableParallelism();
  if (Math.max(...load) <= 1.5 * cores) return [];
  return [`the machine was busy (${cores} cores): trust CPU ms, measure again for the rest`];
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}

function agreementLine({ agreement }: Result): string {
  if (!agreement) return 'losses: nothing to compare with';
  const { steps, difference } = agreement;
  const verdict = difference <= AGREE ? 'the same work' : `NOT the same work: above ${AGREE}`;
  return `losses after ${steps} steps agree to ${difference.toExponential(1)}: ${verdict}`;
}

function verdicts(result: Result): string[] {
  const lines: string[] = [];
  for (const place of ['Node', 'Chromium'] as const) {
    const own = ours(result, place);
    if (!own) continue;
    const peer = (maker: Measured['maker']) =>
      result.programs.find(
        (row) => row.maker === maker && !row.error && (maker === 'torch' || row.place === place),
      );
    const [tfjs, torch] = [peer('tfjs'), peer('torch')];
    const parts = [
      tfjs && faster(tfjs.median / own.median, AIMS[result.name]?.tfjs),
      torch && slower(own.median / torch.median, AIMS[result.name]?.torch),
    ].filter((part) => part !== undefined);
    if (parts.length > 0) lines.push(`Restyle in ${place}: ${parts.join('; ')}`);
  }
  return lines;
}

function faster(ratio: number, least?: number): string {
  const aim = least ? ` (aim: at least ${least})` : '';
  return `${short(ratio)} times as fast as TensorFlow.js there${aim}`;
}

function slower(ratio: number, most?: number): string {
  const aim = most ? ` (aim: at most ${most})` : '';
  return `${short(ratio)} times PyTorch's time${aim}`;
}
