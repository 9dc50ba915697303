/** Pictures too thin for a network, made wide enough by repeating them. */
import { drawAt, toBlob } from '../kit/pixels.ts';
import { setMixture } from './mixture.ts';
import { choosePhoto, shelve } from './picked.ts';
import { loadImage, nextId, type ChosenStyle, type Picture } from './picture.ts';

/** Pixels of the shorter side that are enough for every network. */
const ENOUGH = 64;

/** The picture beside itself until it is `ENOUGH` pixels wide where its longer side has `longSide`; itself if it is. */
async function repeated(picture: Picture, longSide: number): Promise<Picture> {
  const { width, height } = picture;
  const long = Math.max(width, height, ENOUGH);
  const need = Math.ceil(ENOUGH * Math.max(1, long / longSide));
  if (Math.min(width, height) >= need) return picture;
  const tile = drawAt(await loadImage(picture.url), width, height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(width, need);
  canvas.height = Math.max(height, need);
  const context = canvas.getContext('2d')!;
  context.fillStyle = context.createPattern(tile, 'repeat')!;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const url = URL.createObjectURL(await toBlob(canvas, 'image/png'));
  const size = { width: canvas.width, height: canvas.height };
  return { ...picture, id: nextId(), url, thumb: url, ...size, own: true };
}

/** Puts the photo and the styles back on the easel, wide enough to be painted at this size. */
export async function repeatThin(
  photo: Picture,
  styles: readonly ChosenStyle[],
  longSide: number,
): Promise<void> {
  const wide = await repeated(photo, longSide);
  shelve('photo', wide);
  choosePhoto(wide.id);
  const parts = [];
  for (const { picture, weight } of styles) {
    const style = await repeated(picture, longSide);
    shelve('style', style);
    parts.push({ id: style.id, weight });
  }
  setMixture(parts);
}
