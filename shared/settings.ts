/** What a run is asked to do, in the terms of the field. The page, the command line and the engine speak of the same fields. */
export type { FieldWords } from './settings/words.ts';
export { GROUPS, type Control, type Group } from './settings/kinds.ts';
export {
  FIELDS,
  fieldsOf,
  flagOf,
  LIMITS,
  readSetting,
  rowOf,
  settingsSchema,
  withCompanions,
  type ChoiceField,
  type Field,
  type OptionsOf,
  type StyleSettings,
} from './settings/schema.ts';
export { TABLE } from './settings/table.ts';
export { makeSettings, PRESET_NAMES, PRESETS, type PresetName } from './settings/presets.ts';
export { changesOf, inTodaysTerms, SETTINGS_VERSION, withDefaults } from './settings/versions.ts';
export { CONVENTIONS, type Layer, type Preprocess } from './settings/values.ts';
