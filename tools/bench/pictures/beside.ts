import { medianOf } from '../measure.ts';
import type { Line } from './sheet.ts';

/** Figures that say nothing of a picture. */
const EFFORT: ReadonlySet<string> = new Set(['seconds', 'steps']);

/**
 * Every painter beside `peer`, over the pairs that both painted: of each figure on how many pairs it is no larger than the
 * peer's, and the median of the ratios. A line a painter; none where nothing can be compared.
 */
export function beside(lines: readonly Line[], peer: string): string[] {
  const peers = new Map(
    lines.filter(({ painter }) => painter === peer).map((line) => [line.pair, line.figures]),
  );
  const painters = new Set(lines.map(({ painter }) => painter));
  painters.delete(peer);
  return [...painters].flatMap((painter) => {
    const own = lines.filter((line) => line.painter === painter && peers.has(line.pair));
    const names = Object.keys(own[0]?.figures ?? {}).filter((name) => !EFFORT.has(name));
    const parts = names.map((name) => {
      const ratios = own.map(({ pair, figures }) => figures[name]! / peers.get(pair)![name]!);
      const smaller = ratios.filter((ratio) => ratio <= 1).length;
      return `${name} ${smaller} of ${own.length}, ${medianOf(ratios).toFixed(3)}`;
    });
    return parts.length === 0 ? [] : [`${painter}: ${parts.join('; ')}`];
  });
}

/**
 * How much of what painter `of` takes off the photo's figures `painter` takes off, too: of each named figure median and
 * smallest share over the pairs that both painted. A line a figure; none where nothing can be compared.
 */
export function sharesOf(
  lines: readonly Line[],
  painter: string,
  of: string,
  photo: string,
  names: readonly string[],
): string[] {
  const by = (who: string) =>
    new Map(lines.filter((line) => line.painter === who).map((line) => [line.pair, line.figures]));
  const [own, full, before] = [by(painter), by(of), by(photo)];
  const pairs = [...own.keys()].filter((pair) => full.has(pair) && before.has(pair));
  return names.flatMap((name) => {
    const shares = pairs
      .map((pair) => {
        const from = before.get(pair)![name]!;
        return (from - own.get(pair)![name]!) / (from - full.get(pair)![name]!);
      })
      .filter(Number.isFinite);
    if (shares.length === 0) return [];
    const [median, worst] = [medianOf(shares), Math.min(...shares)];
    return [`${name}: ${median.toFixed(4)}, at worst ${worst.toFixed(4)}, ${shares.length} pairs`];
  });
}
