export const faults = {
  'invalid-request': 'This cannot be painted as it is.',
  'thin-picture': 'A picture is too thin for this network.',
  mask: 'What is painted where does not fit.',
  diverged: 'The run did not converge: its losses are not finite numbers.',
  'invalid-model': 'The network could not be loaded.',
  'unsupported-operator': 'This network uses something the page cannot compute.',
  'backend-unavailable': 'The engine could not start.',
  'out-of-memory': 'The picture does not fit into this device’s memory.',
  'device-lost': 'The browser took the GPU away.',
  'engine-lost': 'The browser ended the engine.',
  'unfit-checkpoint': 'This painting cannot be gone on with.',
  compute: 'The engine failed on the way.',
  cancelled: 'Stopped before there was anything to keep.',
};

export const faultAdvice = {
  'invalid-request': 'Choose other pictures or settings.',
  'thin-picture':
    'Crop it, or let it be repeated until it is wide enough; a small network needs less.',
  mask: 'Look at what goes where: paint it anew, or take it away.',
  diverged: 'Choose smaller weights or a lower learning rate.',
  'invalid-model': 'Check the connection and try again, or choose another network.',
  'unsupported-operator': 'Choose another network.',
  'backend-unavailable': 'Check the connection and reload the page.',
  'out-of-memory': 'A smaller size needs much less.',
  'device-lost': 'That happens after sleep or a driver update. Start again, or go without the GPU.',
  'engine-lost': 'That happens when memory runs out. A smaller size needs much less.',
  'unfit-checkpoint':
    'What was kept of it is of another version of this program. It can only be begun anew.',
  compute: 'Try again, or go without the GPU.',
  cancelled: '',
};

export const actions = {
  again: 'Try again',
  anew: 'Start anew',
  smaller: (size: number) => `Paint at ${size} px`,
  lite: 'Use the small network',
  repeat: 'Repeat the picture',
  wasm: 'Go without the GPU',
  dismiss: 'Dismiss',
  details: 'Details',
};
