import { fieldsOf, type Group } from '../../../shared/settings.ts';
import { changedFields } from '../../studio/choices/choices.ts';
import { texts } from '../../texts/index.ts';
import { Exchange } from './Exchange.tsx';
import { Layers } from './Layers.tsx';
import { Place } from './Place.tsx';
import { Setting } from './Setting.tsx';

/** Everything that can be set, each with a line that says what it does. Loaded when the drawer is opened. */
export function Advanced() {
  return (
    <div class="advanced">
      <p class="fine">{texts.value.settings.advancedHint}</p>
      <Settings group="amount" />
      <Layers />
      <Settings group="start" />
      <Settings group="network" />
      <Folded group="loss" />
      <Folded group="optimiser" />
      <Place />
      <Exchange />
    </div>
  );
}

/** In the order of the table. */
function Settings({ group }: { readonly group: Group }) {
  return (
    <>
      {fieldsOf(group).map((name) => (
        <Setting key={name} name={name} />
      ))}
    </>
  );
}

/** What only few look for. */
function Folded({ group }: { readonly group: 'loss' | 'optimiser' }) {
  const { settings: t } = texts.value;
  const changed = fieldsOf(group).filter((field) => changedFields.value.has(field)).length;
  return (
    <details class="drawer inner">
      <summary>
        {t.groups[group]}
        <span class="chosen">{changed > 0 && t.changed(changed)}</span>
      </summary>
      <div class="advanced">
        <Settings group={group} />
      </div>
    </details>
  );
}
