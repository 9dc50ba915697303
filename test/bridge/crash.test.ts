/**
 * Kill -9 on the way of a picture into the chat. `CRASH_SCHEDULES=500` plays that many, half of them on each engine;
 * `CRASH_SEED` picks others.
 */
import { beforeAll, expect, it } from 'vitest';
import { POINTS } from '../../bot/outbox/points.ts';
import { buildVictim } from './crash/process.ts';
import { type Schedule, everyPoint, randomSchedule } from './crash/schedule.ts';
import { type Ending, play } from './crash/story.ts';
import { type Place, describeEngines } from './kit/engines.ts';
import { Random } from './kit/random.ts';

const COUNT = Number(process.env['CRASH_SCHEDULES'] ?? 12) / 2;
const SEED = Number(process.env['CRASH_SEED'] ?? 20261122);
/** Stories at a time: they mostly wait for leases and time-outs. */
const ABREAST = 6;

describeEngines('kill -9', (newPlace, engine) => {
  let victim: string;
  beforeAll(async () => {
    victim = await buildVictim();
  });

  it('at every named point: one picture, nothing lost', async () => {
    const endings = await playAll(victim, everyPoint(), newPlace);
    // Each has really killed.
    expect(endings.flatMap((ending) => ending.died).sort()).toEqual([...POINTS].sort());
  });

  it(`${COUNT} random schedules of kills and faults`, async () => {
    const random = new Random(SEED + (engine === 'SQLite' ? 0 : 1));
    const schedules = Array.from({ length: COUNT }, () => randomSchedule(random));
    const endings = await playAll(victim, schedules, newPlace);
    const kills = endings.reduce((sum, ending) => sum + ending.died.length, 0);
    const strays = endings.reduce((sum, ending) => sum + ending.strays, 0);
    const tally = `${COUNT} schedules, seed ${SEED}, ${kills} kills, ${strays} strays`;
    console.info(`${engine}: ${tally}`);
    expect(kills).toBeGreaterThan(COUNT / 2);
  }, 3_600_000);
});

async function playAll(
  victim: string,
  schedules: readonly Schedule[],
  newPlace: () => Promise<Place>,
): Promise<Ending[]> {
  const endings: Ending[] = [];
  const line = schedules.map((schedule, i) => [i, schedule] as const);
  const work = async () => {
    for (let next = line.shift(); next !== undefined; next = line.shift()) {
      const [i, schedule] = next;
      const place = await newPlace();
      const ending = await play(victim, schedule, place);
      await place.release();
      expectOnePicture(ending, `schedule ${i}: ${JSON.stringify(schedule)}`);
      endings.push(ending);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, work));
  return endings;
}

function expectOnePicture(ending: Ending, what: string): void {
  const { pictures, rightBytes, pending, state, card, strays, windows, unanswered, died } = ending;
  expect({ pictures, rightBytes, pending, state, card }, `${what}\n${ending.log}`).toEqual({
    pictures: 1,
    rightBytes: true,
    pending: 0,
    state: 'delivered',
    card: 'Done: the picture is below.',
  });
  // A death while a card is drawn or an upload repeated may fall into the window of the delivery that goes on beside it.
  const beside = died.filter((point) => /^(card|upload):/.test(point)).length;
  expect(strays, what).toBeGreaterThanOrEqual(windows);
  expect(strays, what).toBeLessThanOrEqual(windows + beside + unanswered);
}
