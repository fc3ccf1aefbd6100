import type { StudyEvent } from '@foothold/core';
import type { Page } from 'playwright-core';

/** The events of a study in the database of the playground, by the browser's own functions. */
export async function bridgedLog(page: Page, study: string): Promise<readonly StudyEvent[]> {
  const texts = await page.evaluate(async (name) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('foothold-playground'));
    const stores = database.transaction(['studies', 'events']);
    const row = (await done(stores.objectStore('studies').index('name').get(name))) as { id: number };
    const events = await done(
      stores.objectStore('events').getAll(IDBKeyRange.bound([row.id, 0], [row.id, Infinity])),
    );
    database.close();
    return events as readonly (string | { readonly text: string })[];
  }, study);
  return texts.map((text) => JSON.parse(typeof text === 'string' ? text : text.text) as StudyEvent);
}
