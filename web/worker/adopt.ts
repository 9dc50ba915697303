/** A network that the person brought: looked through, described, and kept on this device. */
import { InvalidModelError, InvalidRequestError } from '../engine/errors.ts';
import { FeatureNetwork } from '../engine/networks/network.ts';
import { suggestLayers } from '../engine/networks/suggest.ts';
import { leastSide } from '../engine/pipeline/thin.ts';
import { externalFiles, withExternal } from '../engine/onnx/external.ts';
import { keepModel } from '../storage/models.ts';
import type { ModelEntry, NamedFile } from './contract.ts';

const IS_MODEL = /\.onnx$/i;

/**
 * One .onnx file, with the files that its weights lie in.
 *
 * @throws InvalidModelError, UnsupportedOperatorError; InvalidRequestError if the browser keeps no files
 */
export async function adoptNetwork(files: readonly NamedFile[]): Promise<ModelEntry> {
  const model = files.find(({ name }) => IS_MODEL.test(name));
  if (!model) throw new InvalidRequestError('no .onnx file among them', 'Choose an .onnx file.');
  const others = new Map(files.map(({ name, bytes }) => [name, bytes]));
  const wanted = externalFiles(model.bytes);
  const beside = new Map(wanted.map((path) => [path, others.get(baseName(path))]));
  const found = new Map([...beside].flatMap(([path, bytes]) => (bytes ? [[path, bytes]] : [])));
  const bytes = wanted.length > 0 ? new Uint8Array(withExternal(model.bytes, found)) : model.bytes;
  const network = FeatureNetwork.parse(bytes);
  const { layers, style, content } = suggestLayers(network);
  if (style.length === 0 || content.length === 0) {
    throw new InvalidModelError(
      'no layers of this network can be looked at',
      'Use a convolutional network that takes RGB pictures.',
    );
  }
  const names = (list: readonly { readonly tap: string }[]) => list.map(({ tap }) => tap);
  const least = leastSide(network, [...style, ...content]);
  const entry = await keepModel(bytes, {
    label: model.name.replace(IS_MODEL, ''),
    layers: { all: names(layers), style: names(style), content: names(content) },
    ...(least > 0 && { least }),
  });
  if (entry) return entry;
  throw new InvalidRequestError(
    'this browser has no room for the network',
    'Free some space, or open the page in a window that is not private.',
  );
}

const baseName = (path: string): string => path.split(/[\\/]/).at(-1)!;
