/** Records with settings in them say in which version's terms; those of the first version said nothing. */
import { SETTINGS_VERSION, withDefaults, type StyleSettings } from '../../shared/settings.ts';

export interface Versioned {
  readonly settings: StyleSettings;
  readonly settingsVersion?: number;
}

export const toStore = <T extends Versioned>(record: T): T => ({
  ...record,
  settingsVersion: SETTINGS_VERSION,
});

/** In today's terms; null for a record of a version that is yet to come: it stays in the store, for that version. */
export function fromStore<T extends Versioned>(record: T): T | null {
  const settings = withDefaults(record.settingsVersion, record.settings);
  return settings && { ...record, settings };
}
