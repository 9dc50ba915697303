/** Wait until something is true or there; fails, saying what was waited for, after `limit` milliseconds. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  limit = 30_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found !== false && found !== null && found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain: ${what}`);
    await sleep(5);
  }
}

export async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
