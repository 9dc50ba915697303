import { repeatPictures, takeOtherNetwork, thin } from '../../studio/run/thin.ts';
import { texts } from '../../texts/index.ts';

/** A picture that the network could see nothing of, and what would do instead. */
export function ThinLine() {
  const { value: now } = thin;
  if (!now) return null;
  const { run: t, actions } = texts.value;
  return (
    <div class="notice trouble" role="alert">
      <div class="notice-text">
        <p>{t.thin[now.role](now.width, now.height, now.least)}</p>
      </div>
      <div class="verbs">
        <button type="button" class="verb" onClick={() => void repeatPictures()}>
          {actions.repeat}
        </button>
        {now.other && (
          <button type="button" class="verb" onClick={takeOtherNetwork}>
            {t.useNetwork(now.other.label)}
          </button>
        )}
      </div>
    </div>
  );
}
