import { RESULT_TYPES, type ResultType } from '../shared/job.ts';
import { FORMATS } from '../shared/pictures/formats.ts';
import { readHeader, type Size } from '../shared/pictures/size.ts';

/** What a picture says about itself in its first bytes. */
export interface ImageHeader extends Size {
  readonly type: ResultType;
}

/** Type and size without decoding a pixel; null when it is nothing that a result may be, or damaged. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | null {
  const header = readHeader(bytes);
  if (!header) return null;
  const { format, width, height } = header;
  const type = RESULT_TYPES.find((one) => one === FORMATS[format].type);
  return type ? { type, width, height } : null;
}
