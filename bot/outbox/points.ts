/**
 * Places in the way of a picture from the upload to the chat at which a process may end without warning.
 * Tests kill it at each of them; in service the hook does nothing.
 */
export const POINTS = [
  'upload:synced',
  'upload:staged',
  'upload:recorded',
  'upload:committed',
  'row:claimed',
  'holder:before',
  'holder:sent',
  'holder:saved',
  'picture:put',
  'picture:recorded',
  'picture:cleared',
  'card:before',
  'card:shown',
] as const;

export type Point = (typeof POINTS)[number];
export type Checkpoint = (point: Point) => void;
