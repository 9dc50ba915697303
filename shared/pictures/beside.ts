interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row. */
  readonly data: Uint8ClampedArray;
}

/** Pictures of one height, side by side. */
export function beside(pictures: readonly Pixels[]): Pixels {
  const [first] = pictures;
  if (pictures.length === 1) return first!;
  const { height } = first!;
  const width = pictures.reduce((sum, picture) => sum + picture.width, 0);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    let to = 4 * width * y;
    for (const picture of pictures) {
      const row = 4 * picture.width;
      data.set(picture.data.subarray(y * row, (y + 1) * row), to);
      to += row;
    }
  }
  return { width, height, data };
}
