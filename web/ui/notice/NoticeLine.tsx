import type { ComponentChildren } from 'preact';
import { whyRefused } from '../../../shared/pictures/words.ts';
import { Icon } from '../kit/Icon.tsx';
import { texts } from '../../texts/index.ts';
import {
  dismiss,
  notice,
  type Deleted,
  type Failed,
  type Followed,
  type Helped,
  type NoCamera,
  type Recognised,
  type Refused,
  type Taken,
  type Unkept,
} from '../../studio/notice/notice.ts';

/** News and trouble, in a sentence and with a way out. */
export function NoticeLine() {
  const { value: now } = notice;
  if (!now) return null;
  switch (now.kind) {
    case 'taken':
      return <TakenNotice {...now} />;
    case 'network-taken':
      return <Frame>{texts.value.pick.networkTaken(now.name)}</Frame>;
    case 'refused':
      return <RefusedNotice {...now} />;
    case 'failed':
      return <FailedNotice {...now} />;
    case 'helped':
      return <HelpedNotice {...now} />;
    case 'deleted':
      return <DeletedNotice {...now} />;
    case 'unkept':
      return <UnkeptNotice {...now} />;
    case 'not-saved':
      return <Frame trouble>{texts.value.result.notSaved}</Frame>;
    case 'not-copied':
      return <Frame trouble>{texts.value.result.notCopied}</Frame>;
    case 'not-shared':
      return <Frame trouble>{texts.value.result.notShared}</Frame>;
    case 'not-filmed':
      return <Frame trouble>{texts.value.result.notFilmed}</Frame>;
    case 'recognised':
      return <RecognisedNotice {...now} />;
    case 'followed':
      return <FollowedNotice {...now} />;
    case 'no-camera':
      return <NoCameraNotice {...now} />;
    case 'storage-full':
      return <Frame trouble>{texts.value.unfinished.full}</Frame>;
    case 'insecure':
      return <Frame trouble>{texts.value.backend.insecure}</Frame>;
    case 'no-network':
      return <Frame trouble>{texts.value.unfinished.noNetwork}</Frame>;
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

function TakenNotice({ role, styles, remarks, undo, instead }: Taken) {
  const t = texts.value.pick;
  const actions = (
    <>
      {instead && <Verb act={instead}>{t.useAsStyle}</Verb>}
      <Verb act={undo}>{t.undo}</Verb>
    </>
  );
  return (
    <Frame actions={actions}>
      <p>
        {role === 'photo' && t.photoReplaced} {styles > 0 && t.stylesAdded(styles)}
      </p>
      {remarks.map((remark, i) => (
        <p key={i}>{remark(texts.value)}</p>
      ))}
    </Frame>
  );
}

function HelpedNotice(news: Helped) {
  const t = texts.value.unfinished;
  if (news.how === 'smaller') return <Frame>{t.smaller(news.size)}</Frame>;
  return <Frame>{news.how === 'engine-lost' ? t.engineLost : t.deviceLost}</Frame>;
}

function DeletedNotice({ count, undo }: Deleted) {
  const { gallery, pick } = texts.value;
  return <Frame actions={<Verb act={undo}>{pick.undo}</Verb>}>{gallery.deleted(count)}</Frame>;
}

function UnkeptNotice({ full, again, openGallery }: Unkept) {
  const { gallery: t, actions } = texts.value;
  const verbs = (
    <>
      <Verb act={again}>{actions.again}</Verb>
      {full && <Verb act={openGallery}>{t.makeRoom}</Verb>}
    </>
  );
  return (
    <Frame trouble actions={verbs}>
      <p>{full ? t.full : t.unkept}</p>
      <p>{full ? t.fullAdvice : t.unkeptAdvice}</p>
    </Frame>
  );
}

function RecognisedNotice({ useSettings, useAsPhoto }: Recognised) {
  const t = texts.value.result;
  const verbs = (
    <>
      <Verb act={useSettings}>{t.useSettings}</Verb>
      <Verb act={useAsPhoto}>{t.useAsPhoto}</Verb>
    </>
  );
  return <Frame actions={verbs}>{t.recognised}</Frame>;
}

function FollowedNotice({ missing }: Followed) {
  const t = texts.value.result;
  return (
    <Frame>
      <p>{t.followed}</p>
      {missing.length > 0 && <p>{t.missing(missing)}</p>}
    </Frame>
  );
}

function RefusedNotice({ file, why }: Refused) {
  const t = texts.value.refuse;
  return (
    <Frame trouble>
      <p>{whyRefused(t, file, why)}</p>
      <p>
        {t.advice[why.reason]} {t.kept}
      </p>
    </Frame>
  );
}

function NoCameraNotice({ why }: NoCamera) {
  const t = texts.value.camera;
  return (
    <Frame trouble>
      <p>{t.trouble[why]}</p>
      <p>{t.advice[why]}</p>
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
