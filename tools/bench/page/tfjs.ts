import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { aboutTfjs, prepareTfjs, startTfjs } from '../programs/tfjs.ts';
import { serve, threads } from './worker.ts';

const started = startTfjs('/tfjs/', threads);
serve(
  async (task, open) => {
    await started;
    return prepareTfjs(task, open);
  },
  () => aboutTfjs(threads),
);
