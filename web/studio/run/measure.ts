/** How fast this device is, from two tiny paintings while nobody needs it: so that the first run has an estimate, too. */
import { effect } from '@preact/signals-core';
import { makeSettings } from '../../../shared/settings.ts';
import type { ModelEntry } from '../../../shared/models.ts';
import { createEngine, type Engine } from '../../worker/client.ts';
import type { Capabilities, Progress } from '../../worker/contract.ts';
import { networks, sourceOf } from '../networks/networks.ts';
import { capabilities } from '../engine/engine.ts';
import { paceOf, setPace, type DevicePace } from './estimate.ts';
import { grain } from './grain.ts';
import { running } from './state.ts';

/** A GPU needs larger pictures before the arithmetic counts. */
const SIDES = { wasm: [64, 128], webgpu: [128, 256] } as const;
/** The first step compiles and is left out. */
const STEPS = 6;

/**
 * Measures once a device, in a worker of its own: the one for paintings is not touched, and a run that begins meanwhile
 * ends the measurement at once.
 */
export function measureOnce(): void {
  const stop = effect(() => {
    const [here, list] = [capabilities.value, networks.value];
    if (!here || !list || list === 'missing' || running.value) return;
    const model = list.find(({ cost }) => cost !== undefined);
    queueMicrotask(() => stop());
    if (model && !paceOf(here.backend)) void measure(here, model);
  });
}

async function measure(here: Capabilities, model: ModelEntry): Promise<void> {
  const engine = createEngine({ wish: here.backend });
  const end = effect(() => {
    if (running.value) engine.dispose();
  });
  try {
    const pace = await paceBy(engine, here, model);
    if (!paceOf(here.backend)) setPace(here.backend, pace);
  } catch {
    // Cut short, offline, or no engine here: the first finished run will teach the pace.
  } finally {
    end();
    engine.dispose();
  }
}

/** A line through two points: time of a step by its number of operations. */
async function paceBy(
  engine: Engine,
  { backend }: Capabilities,
  model: ModelEntry,
): Promise<DevicePace> {
  const [small, large] = SIDES[backend];
  const flopsAt = (side: number) => model.cost!.flops * side * side;
  const [brief, long] = [
    await secondsPerStep(engine, model, small),
    await secondsPerStep(engine, model, large),
  ];
  const rise = (long - brief) / (flopsAt(large) - flopsAt(small));
  const perFlop = rise > 0 ? rise : long / flopsAt(large);
  const overhead = Math.max(0, long - perFlop * flopsAt(large));
  return { overhead, perFlop, factors: {} };
}

async function secondsPerStep(engine: Engine, entry: ModelEntry, side: number): Promise<number> {
  const settings = makeSettings('default', { size: side, steps: STEPS, scales: 1 });
  const reports: Progress[] = [];
  await engine.stylize(
    new AbortController().signal,
    {
      content: grain(side, 1),
      styles: [{ pixels: grain(side, 2), weight: 1 }],
      model: sourceOf(entry),
      settings,
      previewEvery: 0,
    },
    (report) => {
      if (report.kind === 'progress' && report.progress.step > 0) reports.push(report.progress);
    },
  );
  const spent = ({ step, msPerStep }: Progress) => step * msPerStep;
  // The quickest: whatever else the device was doing at the time slows some steps down, and none up.
  const each = reports
    .slice(1)
    .map((now, i) => (spent(now) - spent(reports[i]!)) / (now.step - reports[i]!.step));
  if (each.length === 0) throw new Error('no step was measured');
  return Math.min(...each) / 1000;
}
