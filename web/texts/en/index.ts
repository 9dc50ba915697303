/** Every word of the page, a file a feature. `ru/` has the same keys, or it does not compile. */
import { backend } from './backend.ts';
import { camera } from './camera.ts';
import { easel } from './easel.ts';
import { actions, faultAdvice, faults } from './faults.ts';
import { fields } from './fields.ts';
import { gallery } from './gallery.ts';
import { install } from './install.ts';
import { job } from './job.ts';
import { pick, refuse } from './pick.ts';
import { regions } from './regions.ts';
import { result } from './result.ts';
import { run } from './run.ts';
import { settings } from './settings.ts';
import { unfinished } from './unfinished.ts';
import { LOCALE } from './words.ts';

export const en = {
  locale: LOCALE,
  title: 'Restyle',
  language: 'Language',
  private: 'Your pictures stay on this device.',

  actions,
  backend,
  camera,
  easel,
  faultAdvice,
  faults,
  fields,
  gallery,
  install,
  job,
  pick,
  refuse,
  regions,
  result,
  run,
  settings,
  unfinished,
};

export type Texts = typeof en;
