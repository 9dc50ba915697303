/**
 * Links that hand a job to a browser: `https://host/#j=<id>.<capability>`.
 * The secret is in the fragment, which browsers send to no server and put in no Referer.
 */

/** What opens one job: its name and the secret that proves the right to it. */
export interface JobKey {
  readonly id: string;
  readonly cap: string;
}

/** 9 and 32 bytes in base64url. */
export const ID_LENGTH = 12;
export const CAP_LENGTH = 43;

const KEY = /^([\w-]{12})\.([\w-]{43})$/;
const IN_FRAGMENT = /(?:^#?|&)j=([\w-]{12}\.[\w-]{43})(?=&|$)/;

/** The text that stands in a link after `j=`, and in the Authorization header after `Bearer `. */
export function formatJobKey(key: JobKey): string {
  return `${key.id}.${key.cap}`;
}

/** The inverse of formatJobKey; null for anything else. */
export function parseJobKey(text: string): JobKey | null {
  const match = KEY.exec(text);
  return match === null ? null : { id: match[1]!, cap: match[2]! };
}

/** The link for one job. `page` is the page's address. */
export function formatJobLink(page: string, key: JobKey): string {
  return `${page.replace(/\/+$/, '')}/#j=${formatJobKey(key)}`;
}

/** Find a job in `location.hash`. Telegram adds `&tgWebAppData=...` of its own behind it. */
export function parseJobFragment(hash: string): JobKey | null {
  const match = IN_FRAGMENT.exec(hash);
  return match === null ? null : parseJobKey(match[1]!);
}

/** The launch data that Telegram adds to the fragment of a Mini App, still encoded; null outside of one. */
export function launchDataOf(hash: string): string | null {
  const match = /(?:^#?|&)tgWebAppData=([^&]*)/.exec(hash);
  try {
    return match === null ? null : decodeURIComponent(match[1]!);
  } catch {
    // Not what Telegram writes.
    return null;
  }
}
