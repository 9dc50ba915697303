import { plural } from './words.ts';

export const unfinished = {
  title: 'A painting was interrupted.',
  behind: (steps: number, of: number) =>
    steps === 0
      ? 'It had only just begun.'
      : `${plural(steps, 'step', 'steps')} of ${of} are done.`,
  goOn: 'Go on with it',
  discard: 'Discard',
  smaller: (size: number) =>
    `The picture did not fit into this device’s memory, so it is being painted at ${size} px.`,
  deviceLost: 'The browser took the GPU away for a moment; the painting goes on from where it was.',
  engineLost:
    'The browser ended the engine, as it does when memory runs out; the painting goes on from where it was.',
  full: 'The storage of this browser is full. The painting goes on, but could not be picked up again after a reload. Deleting pictures from the gallery makes room.',
  noNetwork: 'The network this painting was made with is no longer here, so it cannot go on.',
};
