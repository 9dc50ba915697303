import { texts } from '../../texts/index.ts';
import { Amounts } from './Amounts.tsx';
import { Exchange } from './Exchange.tsx';
import { Layers } from './Layers.tsx';
import { Method } from './Method.tsx';
import { Place } from './Place.tsx';

/** Everything that can be set, each with a line that says what it does. Loaded when the drawer is opened. */
export function Advanced() {
  return (
    <div class="advanced">
      <p class="fine">{texts.value.settings.advancedHint}</p>
      <Amounts />
      <Layers />
      <Method />
      <Place />
      <Exchange />
    </div>
  );
}
