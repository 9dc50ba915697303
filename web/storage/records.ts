/** What the database holds, store by store. */
import type { JobView, ResultType } from '../../shared/job.ts';
import type { Localized } from '../../shared/languages.ts';
import type { Checkpoint } from '../engine/pipeline/checkpoint.ts';
import type { Pixels } from '../engine/pipeline/pixels.ts';
import type { StepLosses } from '../engine/pipeline/stylize.ts';
import type { Versioned } from './versions.ts';

export interface SavedPicture {
  readonly blob: Blob;
  readonly title: Localized;
  /** Of a sample that comes with the page; null for the person's own pictures. */
  readonly sample: string | null;
}

/** What a feature network made, as studio/run/painting.ts has it, the network by its id. */
export interface SavedPainting {
  readonly network: string;
  readonly image: Pixels;
  readonly large: Pixels | null;
  readonly steps: number;
  readonly seconds: number;
  readonly losses: readonly StepLosses[];
  readonly end: 'whole' | 'stopped' | 'cut';
}

/** What a run was asked to do, and what of it is finished. Models go by their ids. */
export interface SavedRun extends Versioned {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly photo: SavedPicture;
  readonly styles: readonly (SavedPicture & { readonly weight: number })[];
  readonly networks: readonly string[];
  readonly upscaler: string | null;
  /** Which style goes where, by `writeMask`; left out: all of them everywhere. */
  readonly mask?: string;
  readonly paintings: readonly SavedPainting[];
  /** Where it continues a finished run: that one's paintings, and how many steps more. */
  readonly further: { readonly steps: number; readonly from: readonly SavedPainting[] } | null;
  /** The Telegram job it is for. */
  readonly job: string | null;
}

export interface SavedCheckpoint {
  /** The run's id. */
  readonly id: string;
  /** The network it was made with; of use only while that one paints. */
  readonly network: string;
  readonly state: Checkpoint;
}

/** One finished picture as the list shows it. */
export interface GalleryEntry extends Versioned {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly width: number;
  readonly height: number;
  /** Model ids: one feature network, and the upscaler where there was one. */
  readonly models: readonly string[];
  readonly photo: SavedPicture['title'];
  readonly styles: readonly SavedPicture['title'][];
  readonly steps: number;
  readonly seconds: number;
  readonly thumbnail: Blob;
  /** Of the pictures. */
  readonly bytes: number;
  /** Deleted at this time, in milliseconds since 1970, and about to be gone for good. */
  readonly leaving?: number;
}

/** The picture itself (PNG with its settings inside), and what it was made from, no larger than is of use. */
export interface GalleryPictures {
  readonly id: string;
  readonly pastiche: Blob;
  readonly photo: SavedPicture;
  readonly styles: readonly (SavedPicture & { readonly weight: number })[];
}

/** What became of a result: on its way; taken by the bridge; or refused for good. */
export type Fate = 'waiting' | 'accepted' | 'other' | 'over' | 'refused';

export interface SavedResult {
  readonly blob: Blob;
  readonly type: ResultType;
  readonly fate: Fate;
  /** What had to give way so that Telegram takes it. */
  readonly eased: 'jpeg' | 'smaller' | null;
  readonly tries: number;
  /** Milliseconds since 1970: when to try again by itself. */
  readonly nextTry: number;
  /** Not before this, whatever happens: the bridge said so. */
  readonly notBefore: number;
}

export interface SavedJob {
  /** The job's id. */
  readonly id: string;
  /** The secret that proves the right to the job; it never leaves this browser but in a request's header. */
  readonly cap: string;
  /** null: not read from the bridge yet. */
  readonly view: JobView | null;
  /** This browser told the bridge that it takes the job. */
  readonly claimed: boolean;
  /** By their index; fetched at the claim, so that the rest needs no network. */
  readonly inputs: readonly (Blob | null)[];
  readonly result: SavedResult | null;
  /** Milliseconds since 1970. */
  readonly updated: number;
}
