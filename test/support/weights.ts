/** Small networks with random weights, as the files that they would come in. */
import { bytesOf } from '../../web/engine/graph/tensor.ts';
import { normal, random } from '../../web/engine/random.ts';

export interface Tensor {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export type Tensors = Record<string, Tensor>;

/** A safetensors file of float32 tensors. */
export function safetensors(tensors: Tensors, metadata: Record<string, string> = {}): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { dims, values }] of Object.entries(tensors)) {
    header[name] = {
      dtype: 'F32',
      shape: dims,
      data_offsets: [offset, offset + values.byteLength],
    };
    offset += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new BigUint64Array([BigInt(json.byteLength)]);
  const data = Object.values(tensors).map(({ values }) => bytesOf(values));
  return Buffer.concat([bytesOf(length), json, ...data]);
}

const draw = (seed: number) => {
  const gauss = normal(random(seed));
  return (dims: readonly number[], scale: number, shift = 0): Tensor => ({
    dims,
    values: Float32Array.from(
      { length: dims.reduce((a, b) => a * b, 1) },
      () => shift + scale * gauss(),
    ),
  });
};

/** VGG19's topology as far as conv2_1, with torchvision's names. */
export function tinyVgg(seed = 1): Tensors {
  const next = draw(seed);
  const widths = [3, 4, 4, 6];
  return Object.fromEntries(
    [0, 2, 5].flatMap((index, i) => {
      const dims = [widths[i + 1]!, widths[i]!, 3, 3];
      return [
        [`features.${index}.weight`, next(dims, 0.3)],
        [`features.${index}.bias`, next([widths[i + 1]!], 0.1)],
      ];
    }),
  );
}

/** ResNet50's topology as far as the first block of the second stage, with torchvision's names. */
export function tinyResNet(seed = 2): Tensors {
  const next = draw(seed);
  const tensors: Tensors = {};
  const conv = (name: string, norm: string, cout: number, cin: number, kernel: number) => {
    tensors[`${name}.weight`] = next(
      [cout, cin, kernel, kernel],
      0.7 / Math.sqrt(cin * kernel * kernel),
    );
    tensors[`${norm}.weight`] = next([cout], 0.2, 1);
    tensors[`${norm}.bias`] = next([cout], 0.1);
    tensors[`${norm}.running_mean`] = next([cout], 0.1);
    tensors[`${norm}.running_var`] = {
      dims: [cout],
      values: next([cout], 0.2, 1).values.map(Math.abs),
    };
  };
  const block = (name: string, cin: number, width: number, cout: number) => {
    conv(`${name}.conv1`, `${name}.bn1`, width, cin, 1);
    conv(`${name}.conv2`, `${name}.bn2`, width, width, 3);
    conv(`${name}.conv3`, `${name}.bn3`, cout, width, 1);
    if (cin !== cout) conv(`${name}.downsample.0`, `${name}.downsample.1`, cout, cin, 1);
  };
  conv('conv1', 'bn1', 4, 3, 7);
  block('layer1.0', 4, 3, 8);
  block('layer1.1', 8, 3, 8);
  block('layer1.2', 8, 3, 8);
  block('layer2.0', 8, 4, 12);
  return tensors;
}
