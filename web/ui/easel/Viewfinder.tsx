import { useEffect, useRef } from 'preact/hooks';
import { painted, watch, type Viewfinder } from '../../studio/camera/camera.ts';
import { texts } from '../../texts/index.ts';
import { PixelCanvas } from '../kit/PixelCanvas.tsx';

/** On the easel while the camera is on: what it sees, and over that the same painted. */
export function ViewfinderFrame({ stream, mirrored }: Viewfinder) {
  const t = texts.value.camera;
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const { current: element } = video;
    if (!element) return;
    element.srcObject = stream;
    watch(element);
  }, [stream]);
  const { width = 4, height = 3 } = stream.getVideoTracks()[0]?.getSettings() ?? {};
  return (
    <div
      class={mirrored ? 'frame viewfinder mirrored' : 'frame viewfinder'}
      style={{ '--ratio': width / height }}
    >
      <video ref={video} class="eye" autoplay muted playsInline aria-hidden="true" />
      {painted.value && <PixelCanvas class="sketch live" pixels={painted.value} label={t.label} />}
      {painted.value && <span class="sketch-mark">{t.live}</span>}
    </div>
  );
}
