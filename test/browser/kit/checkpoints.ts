import type { Page } from 'playwright-core';

/** Steps behind the checkpoint in the database; -1 without one. */
export const keptSteps = (page: Page): Promise<number> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('restyle');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const all = opening.result.transaction('checkpoints').objectStore('checkpoints').getAll();
      all.onsuccess = () => {
        opening.result.close();
        resolve(all.result[0]?.state.steps ?? -1);
      };
    };
  })`);

/** Runs that the database still has: none once what they made is in the gallery. */
export const keptRuns = (page: Page): Promise<number> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('restyle');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const count = opening.result.transaction('runs').objectStore('runs').count();
      count.onsuccess = () => {
        opening.result.close();
        resolve(count.result);
      };
    };
  })`);
