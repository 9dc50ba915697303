/** The worker's entry. Small, so that the page learns at once what the device can do; the engine comes with the first run. */
import { expose, transfer } from 'comlink';
import { chooseBackend, surroundings } from './choose.ts';
import type { Answer, EngineFace, Report, StylizeOutcome } from './face.ts';
import { toFault } from './faults.ts';
import { Gate } from './gate.ts';
import type { Painter } from './painter.ts';

let painter: Painter | undefined;
let cancel = new AbortController();
const gate = new Gate();

/** Pixels move to the page instead of being copied. */
function send(report: Report): Report {
  const preview = report.kind === 'progress' ? report.progress.preview : undefined;
  return preview ? transfer(report, [preview.data.buffer]) : report;
}

async function answer(run: () => Promise<StylizeOutcome>): Promise<Answer<StylizeOutcome>> {
  try {
    const value = await run();
    return transfer({ ok: true, value }, [value.image.data.buffer]);
  } catch (error) {
    return { ok: false, fault: toFault(error) };
  }
}

const face: EngineFace = {
  probe: (wish) => chooseBackend(wish, surroundings()),
  stylize: (wish, job, onReport) =>
    answer(async () => {
      cancel = new AbortController();
      gate.open();
      const { signal } = cancel;
      const report = (news: Report) => onReport(send(news));
      const heavy = await import('./painter.ts');
      painter ??= new heavy.Painter();
      return painter.paint(wish, job, { signal, gate: gate.pass, report });
    }),
  stop() {
    cancel.abort();
    gate.open();
  },
  pause: () => gate.close(),
  resume: () => gate.open(),
  counters: () => painter?.counters ?? null,
};

expose(face);
