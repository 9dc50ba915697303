/** Models whose weights lie in files beside them, as exporters write them from 2 GB on (or always). */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { InvalidModelError } from '../errors.ts';
import { ModelProtoSchema, type ModelProto, type TensorProto } from './onnx_pb.ts';

/** TensorProto.DataLocation. */
const EXTERNAL = 1;

function parsed(bytes: Uint8Array): ModelProto | null {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch {
    // Whoever reads the model itself says what is wrong with it.
    return null;
  }
}

function tensorsOf(model: ModelProto): TensorProto[] {
  const ofNodes = (model.graph?.node ?? []).flatMap(({ attribute }) =>
    attribute.flatMap(({ t }) => (t ? [t] : [])),
  );
  return [...(model.graph?.initializer ?? []), ...ofNodes].filter(
    ({ dataLocation }) => dataLocation === EXTERNAL,
  );
}

const entryOf = ({ externalData }: TensorProto, key: string): string | undefined =>
  externalData.find((entry) => entry.key === key)?.value;

/**
 * Names of the files that the model's weights lie in, relative to its own. Throws InvalidModelError for a name that leads
 * out of the model's folder.
 */
export function externalFiles(bytes: Uint8Array): string[] {
  const model = parsed(bytes);
  const names = new Set(
    (model ? tensorsOf(model) : []).map((tensor) => entryOf(tensor, 'location') ?? ''),
  );
  for (const name of names) {
    const parts = name.split(/[\\/]/);
    if (name === '' || parts.includes('..') || parts[0] === '' || name.includes(':')) {
      throw new InvalidModelError(
        `the model wants weights from "${name}", which is not beside it`,
        'Export it again, with its weights in the same folder.',
      );
    }
  }
  return [...names];
}

/** The model as one file. `files`: those that `externalFiles` names. */
export function withExternal(
  bytes: Uint8Array,
  files: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const model = parsed(bytes);
  if (!model) return bytes;
  for (const tensor of tensorsOf(model)) {
    const name = entryOf(tensor, 'location') ?? '';
    const file = files.get(name);
    if (!file) {
      throw new InvalidModelError(
        `the model's weights lie in "${name}", which is not there`,
        'Put it beside the model, or give both.',
      );
    }
    const offset = Number(entryOf(tensor, 'offset') ?? 0);
    const length = Number(entryOf(tensor, 'length') ?? file.byteLength - offset);
    if (offset + length > file.byteLength) {
      throw new InvalidModelError(`"${name}" is cut short`, 'Fetch or export the model again.');
    }
    tensor.rawData = file.subarray(offset, offset + length);
    tensor.externalData = [];
    tensor.dataLocation = 0;
  }
  return toBinary(ModelProtoSchema, model);
}
