/** Where the networks come from: public addresses, and how to know that what comes is what was meant. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { UsageError } from '../cli.ts';

const hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));

const downloadSchema = v.object({
  /** Addresses of the same bytes, tried in order. */
  urls: v.pipe(v.array(v.pipe(v.string(), v.url())), v.minLength(1)),
  /** Where it was never published, the hash alone decides. */
  bytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  hash: v.union([
    v.object({ sha256: hex(64) }),
    // SHA-1 of "blob SIZE\0" and the bytes: git's name for a file.
    v.object({ gitBlob: hex(40) }),
  ]),
  label: v.string(),
  licence: v.string(),
  source: v.string(),
  /** The file's input convention and layout, in the keys of safetensors metadata, where it cannot say them itself. */
  metadata: v.optional(v.record(v.string(), v.string())),
  variant: v.optional(v.picklist(['v1', 'v1.5'])),
});
export type Download = v.InferOutput<typeof downloadSchema>;

/** For each network, files that it can be made of, best first. */
const sourcesSchema = v.record(v.string(), v.pipe(v.array(downloadSchema), v.minLength(1)));
export type Sources = v.InferOutput<typeof sourcesSchema>;

const TORCHVISION =
  "torchvision's weights, which may have terms derived from the dataset (ImageNet); code BSD-3-Clause";

/**
 * VGG19's convolutions are the first seventh of its file, but a part cannot be checked against the hash of the whole:
 * all of it is fetched, checked, cut and thrown away.
 */
export const SOURCES: Sources = {
  vgg19: [
    {
      urls: ['https://download.pytorch.org/models/vgg19-dcbb9e9d.pth'],
      bytes: 574_673_361,
      hash: { sha256: 'dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44' },
      label: 'VGG19',
      licence: TORCHVISION,
      source: 'torchvision vgg19-dcbb9e9d',
    },
    {
      urls: ['https://huggingface.co/onnxmodelzoo/vgg19-7/resolve/main/vgg19-7.onnx'],
      bytes: 574_677_321,
      hash: { sha256: '692f9f927f1df1b89033787a77a73eac59fd9b3344f9ecdf0b13221e41c2046f' },
      label: 'VGG19',
      licence: 'Apache-2.0 (ONNX Model Zoo)',
      source: 'ONNX Model Zoo vgg19-7',
    },
  ],
  resnet50: [
    {
      urls: ['https://download.pytorch.org/models/resnet50-0676ba61.pth'],
      bytes: 102_530_333,
      hash: { sha256: '0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a' },
      label: 'ResNet50',
      licence: TORCHVISION,
      source: 'torchvision resnet50-0676ba61 (IMAGENET1K_V1)',
    },
    {
      urls: [
        'https://huggingface.co/timm/resnet50.tv_in1k/resolve/78f3ecfdb38e06d9b8397f662e7ab8fee96026fa/model.safetensors',
      ],
      bytes: 102_469_840,
      hash: { sha256: '5d061a3c593d795bfe682d9b152bafbcf550579873492def3515b46db1189888' },
      label: 'ResNet50',
      licence: TORCHVISION,
      source: "timm resnet50.tv_in1k: torchvision's IMAGENET1K_V1",
    },
    {
      urls: [
        'https://huggingface.co/onnxmodelzoo/resnet50-v1-12/resolve/1f95315d8bd3b3ca2ceabe54d274e0cdf5a83bbe/resnet50-v1-12.onnx',
      ],
      bytes: 102_576_593,
      hash: { sha256: '3f03fdef724b22947eed826f1eef1dc5c34151bb4c37d634f1db89dfa2dd1526' },
      label: 'ResNet50',
      licence: 'Apache-2.0 (ONNX Model Zoo)',
      source: 'ONNX Model Zoo resnet50-v1-12',
    },
  ],
  srgan: [
    {
      urls: [
        'https://raw.githubusercontent.com/mseitzer/srgan/70f88fbac26b5a3659847965befea2fdd49eb625/resources/pretrained/srgan.pth',
        'https://cdn.jsdelivr.net/gh/mseitzer/srgan@70f88fbac26b5a3659847965befea2fdd49eb625/resources/pretrained/srgan.pth',
      ],
      hash: { gitBlob: 'c82dd7a4f29b141f0112dc26c18c737dd10b0d5e' },
      label: 'SRGAN x4',
      licence: 'MIT (M. Seitzer)',
      source: 'mseitzer/srgan 70f88fb, resources/pretrained/srgan.pth',
    },
    {
      urls: [
        'https://raw.githubusercontent.com/leftthomas/SRGAN/b0323c6ca4ca920f7daa41ba05f44bd220557cd9/epochs/netG_epoch_4_100.pth',
        'https://cdn.jsdelivr.net/gh/leftthomas/SRGAN@b0323c6ca4ca920f7daa41ba05f44bd220557cd9/epochs/netG_epoch_4_100.pth',
      ],
      bytes: 2_952_717,
      hash: { sha256: 'f4c381640826a48d2440583e4920c6bb4041804f4e285c3c6d585f03961fe87c' },
      label: 'SRGAN x4, 5 blocks',
      licence: 'MIT (leftthomas)',
      source: 'leftthomas/SRGAN b0323c6, epochs/netG_epoch_4_100.pth',
    },
  ],
};

/** The same kind of list from a JSON file: other weights, or a house's own copies. */
export async function readSources(path: string): Promise<Sources> {
  try {
    return v.parse(sourcesSchema, JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path} is not a list of sources: ${why}`);
  }
}
