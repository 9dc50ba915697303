/** The pictures that come with the page. */
import * as v from 'valibot';
import { inEach } from '../../../shared/languages.ts';
import type { Picture } from './picture.ts';

const FOLDER = 'samples/';

const name = v.pipe(v.string(), v.regex(/^[\w.-]+$/));
const sampleList = v.array(
  v.object({
    id: v.string(),
    kind: v.picklist(['content', 'style']),
    file: name,
    thumb: name,
    width: v.number(),
    height: v.number(),
    title: v.object(inEach(() => v.string())),
  }),
);

export interface Samples {
  readonly photos: readonly Picture[];
  readonly styles: readonly Picture[];
}

export async function fetchSamples(): Promise<Samples> {
  const response = await fetch(new URL(`${FOLDER}samples.json`, document.baseURI));
  if (!response.ok) throw new Error(`samples.json: HTTP status ${response.status}`);
  const list = v.parse(sampleList, await response.json());
  const pictures = (kind: 'content' | 'style'): Picture[] =>
    list
      .filter((sample) => sample.kind === kind)
      .map(({ id, title, width, height, file, thumb }) => ({
        id,
        title,
        url: FOLDER + file,
        thumb: FOLDER + thumb,
        width,
        height,
        own: false,
      }));
  return { photos: pictures('content'), styles: pictures('style') };
}
