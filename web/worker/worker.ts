/** The worker's entry. Small, so that the page learns at once what the device can do; the engine comes with the first run. */
import { expose, transfer } from 'comlink';
import { chooseBackend, surroundings } from './choose.ts';
import type { Answer, BackendWish, WorkerApi, Pixels, Report } from './contract.ts';
import { toFault } from './faults.ts';
import { Gate } from './gate.ts';
import type { Painter, RunControls } from './painter.ts';

let painter: Painter | undefined;
let cancel = new AbortController();
const gate = new Gate();

async function heavy(): Promise<Painter> {
  const { Painter } = await import('./painter.ts');
  return (painter ??= new Painter());
}

/** Pixels move to the page instead of being copied. */
function send(report: Report): Report {
  const preview = report.kind === 'progress' ? report.progress.preview : undefined;
  return preview ? transfer(report, [preview.data.buffer]) : report;
}

/** One run, with what can be done to it; its failure travels as data. */
async function answer<T extends { readonly image: Pixels }>(
  onReport: (report: Report) => void,
  run: (painter: Painter, controls: RunControls) => Promise<T>,
): Promise<Answer<T>> {
  cancel = new AbortController();
  gate.open();
  const { signal } = cancel;
  const report = (news: Report) => onReport(send(news));
  try {
    const value = await run(await heavy(), { signal, gate: gate.pass, report });
    return transfer({ ok: true, value }, [value.image.data.buffer]);
  } catch (error) {
    return { ok: false, fault: toFault(error) };
  }
}

const api: WorkerApi = {
  probe: (wish) => chooseBackend(wish, surroundings()),
  open: async (wish) => {
    await (await heavy()).open(wish);
  },
  stylize: (wish, task, onReport) =>
    answer(onReport, (painter, controls) => painter.paint(wish, task, controls)),
  upscale: (wish, task, onReport) =>
    answer(onReport, (painter, controls) => painter.enlarge(wish, task, controls)),
  sketch: (wish, task) =>
    answer(
      () => undefined,
      (painter, controls) => painter.sketch(wish, task, controls),
    ),
  async adopt(files) {
    try {
      const { adoptNetwork } = await import('./adopt.ts');
      return { ok: true, value: await adoptNetwork(files) };
    } catch (error) {
      return { ok: false, fault: toFault(error) };
    }
  },
  live: (name) =>
    new Promise((resolve) => {
      const { locks } = navigator as Partial<WorkerNavigator>;
      if (!locks) resolve(false);
      const forever = () => new Promise<never>(() => resolve(true));
      locks?.request(name, forever).catch(() => resolve(false));
    }),
  stop() {
    cancel.abort();
    gate.open();
  },
  pause: () => gate.close(),
  resume: () => gate.open(),
  counters: () => painter?.counters ?? null,
};

expose(api);

const [, ahead] = self.name.split(' ') as [string, BackendWish?];
// A failure shows to whoever asks for the runtime.
if (ahead) void Promise.resolve(api.open(ahead)).catch(() => undefined);
