import { finished, running } from '../../studio/run/state.ts';
import { texts } from '../../texts/index.ts';
import { deliverNow } from '../../studio/job/deliver.ts';
import { FileVerbs } from './FileVerbs.tsx';
import { brought, delivery, eased, packed, type Delivery } from '../../studio/job/state.ts';

const OURS: readonly Delivery[] = ['other', 'over', 'refused', 'dead', 'waiting'];
const GOOD: readonly Delivery[] = ['delivered'];
const BAD: readonly Delivery[] = ['over', 'other', 'refused', 'dead', 'cancelled'];

/** Under the easel: how the picture stands with the chat. */
export function DeliveryLine() {
  const t = texts.value.job;
  const { value: now } = delivery;
  if (!brought.value || !now || (running.value && now !== 'cancelled' && now !== 'over'))
    return null;
  const mood = GOOD.includes(now) ? 'good' : BAD.includes(now) ? 'trouble' : '';
  // The easel has the verbs of a finished picture; after a reload there is only the file.
  const file = OURS.includes(now) && !finished.value ? packed.value : null;
  return (
    <div class={`notice job-delivery ${mood}`} role="status" data-delivery={now}>
      <div class="notice-text">
        <p>{t.delivery[now]}</p>
        {t.deliveryAdvice[now] && <p>{t.deliveryAdvice[now]}</p>}
        {eased.value && now !== 'extra' && <p class="fine">{t.eased[eased.value]}</p>}
      </div>
      <div class="verbs">
        {now === 'asks' && finished.value && (
          <button type="button" class="verb strong" onClick={deliverNow}>
            {t.send}
          </button>
        )}
        {file && <FileVerbs file={file} />}
      </div>
    </div>
  );
}
