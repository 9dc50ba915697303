/** A lint rule: imports between the rooms of the house go the way that a table says, and no other. */
import path from 'node:path';

const within = (file, room) => file === room || file.startsWith(`${room}/`);

/** The innermost of the rooms that a file is in. */
const roomOf = (file, rooms) =>
  rooms.filter((room) => within(file, room)).sort((a, b) => b.length - a.length)[0];

/** Why `from` may not import `to` (both relative to the root), or null. */
function whyNot(from, to, { rooms, floors }) {
  const room = roomOf(from, Object.keys(rooms));
  if (room && !within(to, room) && !rooms[room].some((one) => within(to, one))) {
    return `${room} may import from ${[...rooms[room], 'itself'].join(', ')} only`;
  }
  for (const [house, order] of Object.entries(floors)) {
    const floorOf = (file) => order.findIndex((name) => within(file, `${house}/${name}`));
    if (floorOf(from) >= 0 && floorOf(to) > floorOf(from)) {
      return `in ${house}, ${order[floorOf(from)]} is below ${order[floorOf(to)]}`;
    }
  }
  return null;
}

/** @param {{root: string, rooms: Record<string, string[]>, floors: Record<string, string[]>}} house */
export const oneWay = (house) => ({
  create(context) {
    const from = path.relative(house.root, context.filename);
    const check = ({ source }) => {
      if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
      const target = path.resolve(path.dirname(context.filename), source.value);
      const message = whyNot(from, path.relative(house.root, target), house);
      if (message) context.report({ node: source, message: `Wrong direction: ${message}.` });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
      TSImportType: ({ argument, source }) => check({ source: source ?? argument?.literal }),
    };
  },
});
