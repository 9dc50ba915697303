/** The run of now in words and figures. */
import type { Progress } from '../../studio/run/state.ts';
import { texts } from '../../texts/index.ts';
import { decimals } from '../../texts/numbers.ts';
import type { Speed } from '../../studio/run/pace.ts';
import { asked, download, phase, progress, speed, stage, tiles } from '../../studio/run/state.ts';

export function figuresNow(): readonly string[] {
  const { run: t, locale } = texts.value;
  if (phase.value === 'stopping') return [t.stopping];
  const parts = [whose(), ...stateParts()].filter(Boolean);
  const [first = '', ...others] = parts;
  return [first.charAt(0).toLocaleUpperCase(locale) + first.slice(1), ...others];
}

/** Which network is at work, where there are two. */
function whose(): string {
  const [of, by] = [asked.value, stage.value];
  return of && by && of.networks.length > 1 ? by.model.label : '';
}

function stateParts(): readonly string[] {
  const t = texts.value.run;
  const { value: now } = progress;
  const { value: file } = download;
  if (!now && !tiles.value && file && file.loaded < file.total && stage.value) {
    return [t.download(stage.value.model.label, file.loaded, file.total)];
  }
  if (phase.value === 'enlarging') {
    return tiles.value ? [t.enlarging(tiles.value.done, tiles.value.total)] : [t.loadingUpscaler];
  }
  if (!now) return [t.loading];
  if (now.phase === 'preparing') {
    return [now.step === 0 ? t.preparing : t.preparingScale(now.width, now.height)];
  }
  return figures(now, phase.value === 'paused' ? null : speed.value);
}

function figures(
  { scale, scales, step, steps, tiles: cut }: Progress,
  pace: Speed | null,
): string[] {
  const { run: t, locale } = texts.value;
  const parts = [scales > 1 ? t.scale(scale + 1, scales) : '', t.step(step, steps)];
  if (cut) parts.push(t.tile(cut.done, cut.total));
  if (pace && pace.stepsPerSecond >= 0.1) {
    const digits = pace.stepsPerSecond < 10 ? 1 : 0;
    parts.push(t.speed(decimals(locale, pace.stepsPerSecond, digits)));
  } else if (pace) {
    parts.push(t.secondsPerStep(decimals(locale, 1 / pace.stepsPerSecond, 0)));
  }
  parts.push(pace ? t.left(pace.secondsLeft) : phase.value === 'paused' ? t.paused : '');
  return parts;
}
