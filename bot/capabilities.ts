import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { JobKey } from '../shared/deeplink.ts';
import { sameSecret } from './secrets.ts';

/**
 * The secret part of job links. It is HMAC-SHA256 of the job's random id under a key that comes from the bot token, so
 * that a card can be drawn again with its link although the database holds only a SHA-256. Whoever has the token can
 * write to the chat anyway; whoever has only the database can open no job.
 */
export class Capabilities {
  readonly #key: Buffer;

  constructor(botToken: string) {
    this.#key = Buffer.from(hkdfSync('sha256', botToken, '', 'restyle job capability', 32));
  }

  create(): JobKey & { readonly sha: string } {
    const id = randomBytes(9).toString('base64url');
    const cap = this.capOf(id);
    return { id, cap, sha: sha256(cap) };
  }

  capOf(id: string): string {
    return createHmac('sha256', this.#key).update(id).digest('base64url');
  }

  /** The key of a stored job, unless the token has changed since: then the old link works and is not shown again. */
  keyOf(job: { readonly id: string; readonly cap_sha: string }): JobKey | null {
    const cap = this.capOf(job.id);
    return matches(cap, job.cap_sha) ? { id: job.id, cap } : null;
  }
}

/** Compare a shown capability with the stored hash, in constant time. */
export function matches(cap: string, storedSha: string): boolean {
  return sameSecret(sha256(cap), storedSha);
}

/** A hash that no capability has; comparing with it makes an unknown job take as long as a known one. */
export const NO_SHA = '0'.repeat(64);

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
