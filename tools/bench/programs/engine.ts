/** The step by this project's engine, through the parts that stylize() is made of. */
import { FeatureNetwork } from '../../../web/engine/networks/network.ts';
import { Adam } from '../../../web/engine/optimizers/adam.ts';
import { chooseLayers } from '../../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../../web/engine/pipeline/objective.ts';
import { optimizerOptions } from '../../../web/engine/pipeline/options.ts';
import { measureTargets } from '../../../web/engine/pipeline/targets.ts';
import type { Planes } from '../../../web/engine/pipeline/pixels.ts';
import type { Runtime } from '../../../web/engine/runtime/runtime.ts';
import { readPictures, type OpenFile, type Stepper, type Task } from '../task.ts';

/** The optimiser at its first image. Its losses are read by `flush`. */
export async function prepareAdam(runtime: Runtime, task: Task, open: OpenFile): Promise<Adam> {
  const { settings, size } = task;
  const network = FeatureNetwork.parse(await open(task.model));
  const [content, style] = (await readPictures(task, open)).map((data): Planes => ({
    width: size,
    height: size,
    channels: 3,
    data,
  })) as [Planes, Planes];
  const layers = chooseLayers(network, settings);
  const targets = await measureTargets(runtime, network, layers, settings, content, [
    { planes: style, weight: 1 },
  ]);
  const objective = makeObjective(network, layers, targets, settings);
  const options = { ...optimizerOptions(settings), controlWindow: 8 };
  return Adam.create(runtime, objective, [1, 3, size, size], content.data, options);
}

export async function prepareEngine(
  runtime: Runtime,
  task: Task,
  open: OpenFile,
): Promise<Stepper> {
  const adam = await prepareAdam(runtime, task, open);
  return {
    async step() {
      await adam.step();
      return (await adam.flush())[0]!.total;
    },
    dispose: () => adam.dispose(),
  };
}
