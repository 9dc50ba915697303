/** The device's cameras: opening one, turning to another, and what can go wrong. */
import type { NoCamera } from '../notice/notice.ts';

type CameraTrouble = NoCamera['why'];

export class CameraError extends Error {
  readonly why: CameraTrouble;

  constructor(why: CameraTrouble, cause: unknown) {
    super(`no camera: ${why}`, { cause });
    this.why = why;
  }
}

/** Names of DOMExceptions: Media Capture and Streams, section 9.2. */
const TROUBLES: Readonly<Record<string, CameraTrouble>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
};

/** What to ask for: a camera by where it looks, or by its id. */
export type Which = { readonly facing: 'user' | 'environment' } | { readonly device: string };

/** What is asked for: more than a painting needs, and what every camera can do. */
const SHAPE = { width: { ideal: 1920 }, height: { ideal: 1080 } };

export const cameras = (): MediaDevices | undefined =>
  (navigator as { readonly mediaDevices?: MediaDevices }).mediaDevices;

/** @throws CameraError */
export async function openStream(which: Which): Promise<MediaStream> {
  const wish =
    'device' in which
      ? { deviceId: { exact: which.device } }
      : { facingMode: { ideal: which.facing } };
  const devices = cameras();
  if (!devices) throw new CameraError('none', new Error('no mediaDevices'));
  try {
    return await devices.getUserMedia({ video: { ...SHAPE, ...wish }, audio: false });
  } catch (error) {
    throw new CameraError(TROUBLES[(error as Error).name] ?? 'busy', error);
  }
}

export function closeStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Pictures of a camera that looks at the person are shown as a mirror would; desktops do not say where theirs look. */
export const isMirrored = (stream: MediaStream): boolean =>
  stream.getVideoTracks()[0]?.getSettings().facingMode !== 'environment';

/** The camera to turn to: front and back where the device knows these, else the next in its list. null: there is one only. */
export async function otherThan(stream: MediaStream): Promise<Which | null> {
  const all = (await cameras()?.enumerateDevices()) ?? [];
  const ids = all.filter(({ kind }) => kind === 'videoinput').map(({ deviceId }) => deviceId);
  if (ids.length < 2) return null;
  const { facingMode, deviceId } = stream.getVideoTracks()[0]!.getSettings();
  if (facingMode === 'user') return { facing: 'environment' };
  if (facingMode === 'environment') return { facing: 'user' };
  return { device: ids[(ids.indexOf(deviceId ?? '') + 1) % ids.length]! };
}
