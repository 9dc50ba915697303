/** The pictures that come with the page. */
import * as v from 'valibot';
import { inEach } from '../../../shared/languages.ts';
import type { Picture } from './picture.ts';

const FOLDER = 'samples/';

const sampleList = v.array(
  v.object({
    id: v.string(),
    kind: v.picklist(['content', 'style']),
    file: v.pipe(v.string(), v.regex(/^[\w.-]+$/)),
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
      .map(({ id, title, width, height, file }) => ({
        id,
        title,
        url: FOLDER + file,
        width,
        height,
        own: false,
      }));
  return { photos: pictures('content'), styles: pictures('style') };
}
