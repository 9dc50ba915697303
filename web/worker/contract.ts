/** What the page and the worker say to each other. Everything here can be cloned; nothing here runs. */
import type { Mask } from '../../shared/mask.ts';
import type { ModelEntry, ModelSource } from '../../shared/models.ts';
import type { StyleSettings } from '../../shared/settings.ts';
import type { Pixels } from '../engine/pipeline/pixels.ts';
import type { Progress, StepLosses, StylizeResult } from '../engine/pipeline/stylize.ts';
import type { UpscaleResult } from '../engine/pipeline/upscale.ts';
import type { BackendKind, Counters } from '../engine/runtime/runtime.ts';
import type { Fault } from './faults.ts';

export type {
  BackendKind,
  Counters,
  ModelEntry,
  ModelSource,
  Pixels,
  Progress,
  StepLosses,
  StyleSettings,
};

/** `auto`: WebGPU on a real adapter, else WebAssembly. Asking by name also takes a software adapter. */
export type BackendWish = 'auto' | BackendKind;

/** Why this backend: the GPU is there; it was asked for; or what was missing. */
export type BackendReason =
  'gpu' | 'asked' | 'no-webgpu' | 'no-adapter' | 'software-adapter' | 'gpu-failed';

/** Where a run takes place, and why there. */
export interface Capabilities {
  readonly backend: BackendKind;
  readonly reason: BackendReason;
  /** The adapter's name as far as the browser tells; empty on wasm. */
  readonly adapter: string;
  /** Of WebAssembly; 1 without cross-origin isolation. */
  readonly threads: number;
  readonly isolated: boolean;
}

export interface StylizeTask {
  readonly content: Pixels;
  readonly styles: readonly { readonly pixels: Pixels; readonly weight: number }[];
  readonly model: ModelSource;
  /** For `init: sketch`. */
  readonly sketch?: SketchSources;
  readonly settings: StyleSettings;
  /** Which style goes where; left out: all of them everywhere. */
  readonly mask?: Mask;
  /** Least milliseconds between previews; 0: none. */
  readonly previewEvery: number;
  /** Most bytes on the device before a picture goes by tiles; left out: what the backend can be trusted with. */
  readonly memoryBudget?: number;
  /** The picture to begin from, where it is not the settings' `init`. */
  readonly start?: Pixels;
  /** The run's id: its checkpoints are kept under it, and the run goes on from the last one if there is one. */
  readonly keepAs?: string;
}

export interface UpscaleTask {
  readonly image: Pixels;
  readonly model: ModelSource;
}

/** A picture whose reading is kept under its id for as long as the worker lives. */
export interface Seen {
  readonly id: string;
  readonly pixels: Pixels;
}

/** The two files that sketch together. */
export interface SketchSources {
  readonly network: ModelSource;
  readonly encoder: ModelSource;
}

export interface SketchTask {
  /** The sketch gets its size. */
  readonly content: Seen;
  /** Weights: any positive numbers, their ratio counts. None: the photo is read, so that a style's touch is quick. */
  readonly styles: readonly (Seen & { readonly weight: number })[];
  readonly models: SketchSources;
  /** 0..1: how far the photo's statistics go to the styles'. */
  readonly strength: number;
  readonly colours: StyleSettings['colours'];
  /** Which style goes where; left out: all of them everywhere. */
  readonly mask?: Mask;
}

/** News of a run, in the order: backend, download (none if the model is at hand), then how it goes. */
export type Report =
  | { readonly kind: 'backend'; readonly capabilities: Capabilities }
  | { readonly kind: 'download'; readonly loaded: number; readonly total: number }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** A checkpoint is in the database, or could not be put there; the run goes on either way. */
  | { readonly kind: 'kept'; readonly problem: 'full' | 'failed' | null }
  /** Of an upscaling. */
  | { readonly kind: 'tiles'; readonly done: number; readonly total: number };

export type StylizeOutcome = StylizeResult & { readonly capabilities: Capabilities };
export interface SketchOutcome {
  readonly image: Pixels;
  readonly capabilities: Capabilities;
}
export type UpscaleOutcome = UpscaleResult & { readonly capabilities: Capabilities };

/** Errors lose their class on the way between realms, so they travel as data. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** A file by the name that it has on the person's disk. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The worker's side of comlink. One run at a time. */
export interface WorkerApi {
  probe(wish: BackendWish): Promise<Capabilities>;
  /** Starts the runtime, so that what is asked for next need not wait for it. */
  open(wish: BackendWish): Promise<void>;
  stylize(
    wish: BackendWish,
    task: StylizeTask,
    onReport: (report: Report) => void,
  ): Promise<Answer<StylizeOutcome>>;
  upscale(
    wish: BackendWish,
    task: UpscaleTask,
    onReport: (report: Report) => void,
  ): Promise<Answer<UpscaleOutcome>>;
  sketch(wish: BackendWish, task: SketchTask): Promise<Answer<SketchOutcome>>;
  /** Looks through a network of the person's own and keeps it on this device. */
  adopt(files: readonly NamedFile[]): Promise<Answer<ModelEntry>>;
  /** Holds a lock of this name for as long as the worker lives; false where there are no locks. */
  live(name: string): Promise<boolean>;
  /** Ends a run at its next step, which then answers with the best image so far; an upscaling at its next tile. */
  stop(): void;
  pause(): void;
  resume(): void;
  /** What the runtime holds at this moment; null before it was opened. */
  counters(): Counters | null;
}
