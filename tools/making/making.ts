/** From a file of weights, in any of the formats that are read, to a model in the folder. */
import { ARCHITECTURES, networkFile, type Architecture } from './architectures.ts';
import { conventionOf } from '../../web/engine/networks/convention.ts';
import { cutOnnx, isOnnx } from './cut.ts';
import { readWeights } from './read.ts';
import type { Storage } from '../../web/engine/networks/quantize.ts';
import type { ResNetVariant } from './resnet.ts';
import type { ModelEntry } from '../../shared/models.ts';
import { UsageError } from '../cli.ts';
import { describe } from '../describe.ts';
import { addModel } from '../library.ts';

export interface Making {
  readonly id?: string | undefined;
  readonly label?: string | undefined;
  readonly licence?: string | undefined;
  readonly source?: string | undefined;
  readonly variant?: string | undefined;
  /** Overrides of the file's own metadata. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** How kernels are kept; left out: 16 bit floats. */
  readonly weights?: Storage | undefined;
}

/**
 * Makes the network called `name` of `bytes` and stores it in `dir`.
 *
 * @throws UsageError, InvalidModelError; the folder is then as it was
 */
export async function makeModel(
  dir: string,
  name: string,
  bytes: Uint8Array,
  making: Making = {},
): Promise<ModelEntry> {
  const architecture = ARCHITECTURES[name]!;
  if (architecture.kind !== 'features' && making.weights === 'int8')
    throw new UsageError(`--weights int8 is for feature networks; ${name} is none`);
  const made = isOnnx(bytes)
    ? fromOnnx(architecture, bytes, making)
    : fromWeights(architecture, bytes, making);
  const { label, licence, source } = made.origin;
  const kind = architecture.kind === 'features' ? {} : { kind: architecture.kind };
  const about = { label, licence, source, ...describe(architecture.kind, made.file) };
  return addModel(dir, { id: making.id ?? name, ...kind, ...about }, made.file);
}

const NOT_STATED = 'not stated';

function fromOnnx(architecture: Architecture, bytes: Uint8Array, making: Making) {
  if (architecture.kind !== 'features')
    throw new UsageError(
      'an upscaler or a sketch in an ONNX file is used as it is: --model FILE.onnx',
    );
  const { label = architecture.label, licence = NOT_STATED, source = NOT_STATED } = making;
  const preprocess = conventionOf({ ...architecture.convention, ...making.metadata });
  const origin = { label, licence, source, preprocess, ...storageOf(making) };
  return { origin, file: cutOnnx(architecture, bytes, origin) };
}

function fromWeights(architecture: Architecture, bytes: Uint8Array, making: Making) {
  const weights = readWeights(bytes);
  const { metadata } = weights;
  const origin = {
    label: making.label ?? architecture.label,
    licence: making.licence ?? metadata['licence'] ?? metadata['license'] ?? NOT_STATED,
    source: making.source ?? metadata['source'] ?? metadata['arch'] ?? NOT_STATED,
    preprocess: conventionOf({ ...architecture.convention, ...metadata, ...making.metadata }),
    variant: variantOf(making.variant, metadata),
    ...storageOf(making),
  };
  return { origin, file: networkFile(architecture, weights, origin) };
}

const storageOf = ({ weights }: Making) => (weights ? { storage: weights } : {});

function variantOf(
  asked: string | undefined,
  metadata: Readonly<Record<string, string>>,
): ResNetVariant {
  const variant = asked ?? (metadata['arch']?.includes('v1 placement') ? 'v1' : 'v1.5');
  if (variant === 'v1' || variant === 'v1.5') return variant;
  throw new UsageError(`--variant ${variant}: v1 or v1.5`);
}
