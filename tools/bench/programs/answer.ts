/** The same conversation in a process and in a worker: prepare, steps, dispose. */
import type { OpenFile, Prepare, Reply, Request, Stepper } from '../task.ts';

export function answerer(
  prepare: Prepare,
  open: OpenFile,
  about: () => string,
): (request: Request) => Promise<Reply> {
  let stepper: Stepper | undefined;
  const answer = async (request: Request): Promise<Reply> => {
    switch (request.do) {
      case 'prepare':
        stepper = await prepare(request.task, open);
        return { about: about() };
      case 'steps':
        if (!stepper) throw new Error('nothing is prepared');
        return takeSteps(stepper, request.count);
      case 'dispose':
        await stepper?.dispose();
        stepper = undefined;
        return {};
    }
  };
  return (request) =>
    answer(request).catch((error: unknown) => ({
      error: error instanceof Error ? error.message : String(error),
    }));
}

async function takeSteps(stepper: Stepper, count: number): Promise<Reply> {
  const [ms, losses]: [number[], number[]] = [[], []];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    losses.push(await stepper.step());
    ms.push(performance.now() - started);
  }
  return { ms, losses };
}
