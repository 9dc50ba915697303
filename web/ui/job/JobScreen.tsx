import type { ComponentChildren } from 'preact';
import { texts } from '../../texts/index.ts';
import { FileVerbs } from './FileVerbs.tsx';
import { leave } from '../../studio/job/session.ts';
import { packed, screen, type Screen } from '../../studio/job/state.ts';

/** In place of the studio: a sentence for what is going on, and a way out of it. */
export function JobScreen() {
  const t = texts.value.job;
  const { value: now } = screen;
  if (!now) return null;
  const title =
    now.kind === 'fetching' ? t.screens.fetching(now.done, now.of, now.bytes) : t.screens[now.kind];
  const busy = now.kind === 'asking' || now.kind === 'fetching';
  return (
    <main class="job-screen" data-job={now.kind} aria-busy={busy}>
      <div class="job-words" role={busy ? 'status' : 'alert'}>
        <h2>{title}</h2>
        <p>{t.advice[now.kind]}</p>
        {packed.value && <p>{t.kept}</p>}
      </div>
      {busy ? (
        <progress
          class="bar"
          aria-label={title}
          {...(now.kind === 'fetching' && { value: now.done, max: now.of })}
        />
      ) : (
        <Ways {...now} />
      )}
    </main>
  );
}

function Ways(now: Screen) {
  const t = texts.value.job;
  const words = { unreachable: t.tryAgain, elsewhere: t.paintHere, 'other-tab': t.bringHere };
  return (
    <div class="verbs">
      {'act' in now && (
        <Way strong act={now.act}>
          {words[now.kind]}
        </Way>
      )}
      {packed.value && <FileVerbs file={packed.value} />}
      <Way act={leave}>{t.somethingElse}</Way>
    </div>
  );
}

interface WayProps {
  readonly act: () => void;
  readonly strong?: boolean;
  readonly children: ComponentChildren;
}

function Way({ act, strong = false, children }: WayProps) {
  return (
    <button type="button" class={strong ? 'verb strong' : 'verb'} onClick={act}>
      {children}
    </button>
  );
}
