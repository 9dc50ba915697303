/** The viewfinder: what the camera sees, painted as it comes by the network that sketches, until a photo is taken of it. */
import { batch, computed, effect, signal } from '@preact/signals-core';
import type { Pixels } from '../../worker/contract.ts';
import { galleryOpen } from '../gallery/open.ts';
import { placeFile } from '../inbox/receive.ts';
import { drawAt, toBlob } from '../kit/pixels.ts';
import { notify } from '../notice/notice.ts';
import { photo } from '../pictures/picked.ts';
import { running } from '../run/state.ts';
import { easelTaken, putAwaySketch } from '../sketch/sketch.ts';
import { paintFrames } from './frames.ts';
import {
  CameraError,
  cameras,
  closeStream,
  isMirrored,
  openStream,
  otherThan,
  type Which,
} from './stream.ts';

export interface Viewfinder {
  readonly stream: MediaStream;
  readonly mirrored: boolean;
  /** The camera to turn to. */
  readonly other: Which | null;
}

/** null: the camera is off. */
export const viewfinder = signal<Viewfinder | null>(null);
/** What it sees, painted; null: not yet, or it cannot be painted here. */
export const painted = signal<Pixels | null>(null);
/** Pictures a second as they really come; null: not known yet. */
export const rate = signal<number | null>(null);
/** This device cannot paint what the camera sees; it takes photos all the same. */
export const plain = signal(false);
/** Asked for, and not there yet. */
export const opening = signal(false);
/** There may be a camera, and nothing more important goes on. */
export const canOpen = computed(
  () => cameras() !== undefined && !running.value && !opening.value && !viewfinder.value,
);

let stopper = new AbortController();
/** Shows what the camera sees. */
let eye: HTMLVideoElement | null = null;

export async function openCamera(which: Which = { facing: 'environment' }): Promise<void> {
  closeCamera();
  const { signal } = stopper;
  const left = () => signal.aborted;
  opening.value = true;
  try {
    const stream = await openStream(which);
    signal.addEventListener('abort', () => closeStream(stream), { once: true });
    if (left()) {
      closeStream(stream);
      return;
    }
    // Unplugged, or taken away by the system.
    stream.getVideoTracks()[0]?.addEventListener('ended', () => {
      if (left()) return;
      closeCamera();
      notify({ kind: 'no-camera', why: 'busy' });
    });
    const other = await otherThan(stream);
    if (left()) return;
    batch(() => {
      putAwaySketch();
      easelTaken.value = true;
      viewfinder.value = { stream, mirrored: isMirrored(stream), other };
    });
  } catch (error) {
    if (!(error instanceof CameraError)) throw error;
    if (!left()) notify({ kind: 'no-camera', why: error.why });
  } finally {
    if (!left()) opening.value = false;
  }
}

export function closeCamera(): void {
  stopper.abort();
  stopper = new AbortController();
  eye = null;
  batch(() => {
    opening.value = false;
    viewfinder.value = null;
    easelTaken.value = false;
    painted.value = null;
    rate.value = null;
    plain.value = false;
  });
}

export function turnCamera(): void {
  const other = viewfinder.peek()?.other;
  if (other) void openCamera(other);
}

/** Paints what the video shows from now on, for as long as this viewfinder is there. */
export function watch(video: HTMLVideoElement): void {
  eye = video;
  const mine = viewfinder.peek();
  const open = () => mine !== null && viewfinder.value === mine;
  void paintFrames(video, open, (image, perSecond) => {
    painted.value = image;
    rate.value = perSecond;
    plain.value = image === null;
  });
}

/** What the camera sees becomes the photo on the easel, as large as the camera gives it; the camera goes off. */
export async function takePhoto(name: string): Promise<void> {
  if (!eye || eye.videoWidth === 0) return;
  const { videoWidth: width, videoHeight: height } = eye;
  const blob = await toBlob(drawAt(eye, width, height), 'image/jpeg', 0.95);
  closeCamera();
  await placeFile(new File([blob], `${name}.jpg`, { type: blob.type }), 'photo');
}

/** The camera goes off when it is left: by a run, another photo, the gallery, or the page itself. */
export function watchLeaving(): void {
  let before: string | undefined;
  effect(() => {
    const now = photo.value?.id;
    const left = running.value || galleryOpen.value || now !== before;
    before = now;
    if (left) closeCamera();
  });
  addEventListener('pagehide', closeCamera);
}
