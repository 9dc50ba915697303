import type { ComponentChildren } from 'preact';
import { Icon } from '../kit/Icon.tsx';
import { texts } from '../texts/index.ts';
import { dismiss, notice, type Failed, type Refused, type Taken } from './notice.ts';

/** News and trouble, in a sentence and with a way out. */
export function NoticeLine() {
  const { value: now } = notice;
  if (!now) return null;
  switch (now.kind) {
    case 'taken':
      return <TakenNotice {...now} />;
    case 'refused':
      return <RefusedNotice {...now} />;
    case 'failed':
      return <FailedNotice {...now} />;
    case 'not-saved':
      return <Frame trouble>{texts.value.result.notSaved}</Frame>;
  }
}

interface FrameProps {
  readonly trouble?: boolean;
  readonly children: ComponentChildren;
  readonly actions?: ComponentChildren;
}

function Frame({ trouble = false, children, actions }: FrameProps) {
  return (
    <div class={trouble ? 'notice trouble' : 'notice'} role={trouble ? 'alert' : 'status'}>
      <div class="notice-text">{children}</div>
      {actions && <div class="verbs">{actions}</div>}
      <button
        type="button"
        class="verb bare"
        aria-label={texts.value.actions.dismiss}
        onClick={dismiss}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function Verb({ act, children }: { readonly act: () => void; readonly children: string }) {
  const press = () => {
    dismiss();
    act();
  };
  return (
    <button type="button" class="verb" onClick={press}>
      {children}
    </button>
  );
}

function TakenNotice({ role, scaled, undo, instead }: Taken) {
  const t = texts.value.pick;
  const actions = (
    <>
      {instead && <Verb act={instead}>{t.useAsStyle}</Verb>}
      <Verb act={undo}>{t.undo}</Verb>
    </>
  );
  return (
    <Frame actions={actions}>
      <p>{role === 'photo' ? t.photoReplaced : t.styleAdded}</p>
      {scaled && <p>{t.scaled(scaled.from, scaled.to)}</p>}
    </Frame>
  );
}

function RefusedNotice({ reason, file }: Refused) {
  const t = texts.value.refuse;
  const advice = { svg: t.adviceSvg, heic: t.adviceHeic, video: t.adviceVideo };
  return (
    <Frame trouble>
      <p>{t[reason](file)}</p>
      <p>
        {reason in advice ? advice[reason as keyof typeof advice] : t.advice} {t.kept}
      </p>
    </Frame>
  );
}

function FailedNotice({ fault, detail, actions }: Failed) {
  const { faults, faultAdvice, actions: t } = texts.value;
  const verbs = actions.map((action) => (
    <Verb key={action.name} act={action.act}>
      {action.name === 'smaller' ? t.smaller(action.size) : t[action.name]}
    </Verb>
  ));
  return (
    <Frame trouble actions={verbs}>
      <p>{faults[fault]}</p>
      <p>{faultAdvice[fault]}</p>
      <details class="details">
        <summary>{t.details}</summary>
        <p class="fine">{detail}</p>
      </details>
    </Frame>
  );
}
