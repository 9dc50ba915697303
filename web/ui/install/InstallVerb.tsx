import { Icon } from '../kit/Icon.tsx';
import { texts } from '../../texts/index.ts';
import { install, offer } from '../../studio/app/installable.ts';

/** Only there while the browser offers it. */
export function InstallVerb() {
  if (!offer.value) return null;
  return (
    <button type="button" class="verb bare" data-verb="install" onClick={() => void install()}>
      <Icon name="save" />
      {texts.value.install.install}
    </button>
  );
}
