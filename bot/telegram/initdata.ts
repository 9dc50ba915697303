import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { sameSecret } from '../secrets.ts';

const MAX_AGE = 3600;
const CLOCK_SKEW = 300;
const User = v.object({ id: v.pipe(v.number(), v.safeInteger()) });

/**
 * Check what Telegram signs for a Mini App and return the person's id; null when anything is wrong with it.
 * https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 */
export function readInitData(raw: string, botToken: string, now: number): number | null {
  const fields = new URLSearchParams(raw);
  const hash = fields.get('hash') ?? '';
  fields.delete('hash');
  if (!/^[0-9a-f]{64}$/.test(hash)) return null;
  const names = [...fields.keys()];
  if (new Set(names).size !== names.length) return null;
  const lines = [...fields].map(([name, value]) => `${name}=${value}`).sort();
  const secret = createHmac('sha256', 'WebAppData').update(botToken).digest();
  const expected = createHmac('sha256', secret).update(lines.join('\n')).digest('hex');
  if (!sameSecret(expected, hash)) return null;
  // Telegram sets no end to it, so we do.
  const age = now / 1000 - Number(fields.get('auth_date') ?? Number.NaN);
  if (!(age <= MAX_AGE && age >= -CLOCK_SKEW)) return null;
  try {
    const user = v.safeParse(User, JSON.parse(fields.get('user') ?? 'null'));
    return user.success ? user.output.id : null;
  } catch {
    return null;
  }
}
