/** The worker's end of decoding what browsers show in ways of their own: seconds of arithmetic for a large picture. */
import { expose, transfer } from 'comlink';
import { decodePrint } from '../../shared/pictures/cmyk/index.ts';
import { tiffAsPng } from '../../shared/pictures/tiff/index.ts';

const decoder = {
  print(bytes: Uint8Array, damaged: boolean): ReturnType<typeof decodePrint> {
    const found = decodePrint(bytes, damaged);
    return found && transfer(found, [found.data.buffer]);
  },

  async tiff(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const png = await tiffAsPng(bytes);
    return transfer(png, [png.buffer]);
  },
};

export type Decoder = typeof decoder;

expose(decoder);
