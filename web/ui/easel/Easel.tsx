import { useEffect, useRef } from 'preact/hooks';
import { jobUi } from '../job/load.ts';
import { Icon } from '../kit/Icon.tsx';
import { PixelCanvas } from '../kit/PixelCanvas.tsx';
import { FileButton } from '../pick/FileButton.tsx';
import { photo, stocked } from '../../studio/pictures/picked.ts';
import { Compare } from '../result/Compare.tsx';
import { ResultLine } from '../result/ResultLine.tsx';
import { ProgressLine } from '../run/ProgressLine.tsx';
import { Unfinished } from '../run/Unfinished.tsx';
import { asked, finished, phase, preview, running } from '../../studio/run/state.ts';
import { language, texts } from '../../texts/index.ts';
import { notice } from '../../studio/notice/notice.ts';
import { NoticeLine } from '../notice/NoticeLine.tsx';
import { sketch } from '../../studio/sketch/sketch.ts';
import { canOpen, openCamera, opening, viewfinder } from '../../studio/camera/camera.ts';
import { CameraLine } from './CameraLine.tsx';
import { SketchLine } from './SketchLine.tsx';
import { boardUi, loadBoardUi } from '../regions/load.ts';
import { editing } from '../../studio/regions/regions.ts';
import { ViewfinderFrame } from './Viewfinder.tsx';

/** Photo, then the painting appearing over it, then both with a handle between; and a line for what is going on. */
export function Easel() {
  const t = texts.value;
  const { value: camera } = viewfinder;
  const easel = useRef<HTMLElement>(null);
  // On a phone the button may be pressed far below what it sets going.
  useEffect(() => {
    if (running.value) editing.value = false;
    if (editing.value) void loadBoardUi();
    if (running.value || editing.value) easel.current?.scrollIntoView({ block: 'nearest' });
  }, [running.value, editing.value]);
  const { value: ui } = boardUi;
  const board = ui && !camera && !running.value && editing.value ? photo.value : null;
  const idle = phase.value === 'ready' && !camera && !board && !sketch.value && !notice.value;
  return (
    <section ref={easel} class="easel" aria-label={t.easel.label} data-phase={phase.value}>
      <div class="stage">
        {camera ? (
          <ViewfinderFrame {...camera} />
        ) : ui && board ? (
          <ui.MaskBoard {...board} />
        ) : (
          <Picture />
        )}
      </div>
      <div class="lines">
        <NoticeLine />
        {camera && <CameraLine {...camera} />}
        {ui && board && <ui.MaskTools />}
        {jobUi.value && <jobUi.value.DeliveryLine />}
        <Unfinished />
        {running.value && <ProgressLine />}
        {sketch.value && !running.value && !camera && !board && <SketchLine />}
        {opening.value && <p class="fine hint">{t.camera.opening}</p>}
        {idle && !opening.value && photo.value && <p class="fine hint">{t.easel.hint}</p>}
        {finished.value && !sketch.value && !camera && !board && (
          <ResultLine wish={finished.value.wish} />
        )}
        <p class="for-screen-readers" role="status">
          {finished.value ? t.result.announced : running.value ? t.run.painting : ''}
        </p>
      </div>
    </section>
  );
}

function Picture() {
  const { easel: t, pick } = texts.value;
  const another = (
    <div class="floating">
      {canOpen.value && <CameraButton />}
      <FileButton role="photo" class="verb" label={pick.another}>
        <Icon name="photo" />
        {pick.another}
      </FileButton>
    </div>
  );
  const ready = phase.value === 'ready';
  const shown = ready ? photo.value : asked.value?.photo;
  if (!shown) {
    if (!stocked.value) return null;
    return (
      <div class="empty">
        <p>{t.empty}</p>
        {another}
      </div>
    );
  }
  return (
    <div class="frame" style={{ '--ratio': shown.width / shown.height }}>
      <img
        class="photo"
        src={shown.url}
        width={shown.width}
        height={shown.height}
        alt={t.photoAlt(shown.title[language.value])}
      />
      {running.value && preview.value && (
        <PixelCanvas class="pastiche appearing" pixels={preview.value} />
      )}
      {finished.value && !sketch.value && <Compare wish={finished.value.wish} />}
      {sketch.value && (
        <PixelCanvas class="sketch" pixels={sketch.value.image} label={t.sketchAlt} />
      )}
      {sketch.value && <span class="sketch-mark">{t.sketch}</span>}
      {ready && another}
    </div>
  );
}

function CameraButton() {
  const t = texts.value.camera;
  return (
    <button
      type="button"
      class="verb"
      data-verb="camera"
      aria-label={t.open}
      title={t.open}
      onClick={() => void openCamera()}
    >
      <Icon name="camera" />
    </button>
  );
}
