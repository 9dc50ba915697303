/** A video painted picture by picture, as fast as this device can and no faster. */
import type { Pixels } from '../../worker/contract.ts';
import { capabilities } from '../engine/engine.ts';
import { once } from '../kit/once.ts';
import { readPixels } from '../kit/pixels.ts';
import { styles } from '../pictures/picked.ts';
import { draw, ready } from '../sketch/pencil.ts';
import { sketchStrength } from '../sketch/sketch.ts';
import { Rate } from './rate.ts';

/** Long sides in pixels, the next where a picture takes too long. */
const SIDES = { webgpu: [384, 256, 160], wasm: [160, 112, 80] } as const;
/** Milliseconds that a picture may take before the next are smaller. */
const PATIENCE = 800;

/**
 * For as long as `open`, which reads signals, says so. `show` gets each picture with the pictures a second that really
 * come; null where this device cannot paint them.
 */
export async function paintFrames(
  video: HTMLVideoElement,
  open: () => boolean,
  show: (image: Pixels | null, perSecond: number | null) => void,
): Promise<void> {
  const canvas = document.createElement('canvas');
  const sides = SIDES[capabilities.peek()?.backend ?? 'wasm'];
  const rate = new Rate();
  let level = 0;
  /** Of the first of a size graphs are compiled, which says nothing about the next. */
  let first = true;
  for (let count = 0; ; count++) {
    // A pause is no picture that took long.
    if (!ready.peek()) rate.forget();
    await once(() => !open() || (ready.value && styles.value.length > 0));
    await nextFrame();
    if (!open()) return;
    if (video.videoWidth === 0) continue;
    const pixels = grab(video, canvas, sides[level]!);
    const begun = performance.now();
    try {
      const image = await draw('viewfinder', {
        content: () => Promise.resolve({ id: `frame ${count}`, pixels }),
        styles: styles.peek(),
        strength: sketchStrength.peek() / 100,
      });
      if (!open()) return;
      if (!image) continue;
      const now = performance.now();
      show(image, rate.note(now));
      const slow: boolean = !first && now - begun > PATIENCE;
      first = slow && level < sides.length - 1;
      if (first) level++;
    } catch {
      // The camera still takes photos.
      show(null, null);
      return;
    }
  }
}

/** Browsers give none to a hidden tab. */
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** What the video shows now, its long side `side` pixels. */
function grab(video: HTMLVideoElement, canvas: HTMLCanvasElement, side: number): Pixels {
  const { videoWidth, videoHeight } = video;
  const scale = side / Math.max(videoWidth, videoHeight);
  canvas.width = Math.max(1, Math.round(videoWidth * scale));
  canvas.height = Math.max(1, Math.round(videoHeight * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return readPixels(canvas);
}
