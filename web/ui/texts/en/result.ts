import { duration } from '../numbers.ts';
import { UNITS } from './words.ts';

export const result = {
  save: 'Save as PNG',
  back: 'Back to photo',
  summary: (width: number, height: number, steps: number, seconds: number) =>
    `${width} × ${height}, ${steps} ${steps === 1 ? 'step' : 'steps'} in ${duration(UNITS, seconds)}`,
  stopped: 'Stopped early; this is the best so far.',
  cut: 'Cut off; this is the last preview.',
  announced: 'The painting is ready.',
  notSaved: 'The picture could not be saved.',
};
