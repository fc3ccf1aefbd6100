import {
  InvalidArgumentError,
  type Storage,
  StorageError,
  type StudyEvent,
  StudyReplacedError,
} from '@foothold/core';
import type { IndexedDbStorage } from 'foothold';
import type { Page } from 'playwright-core';
import type { Answer, Tab } from './page/indexed-db.ts';

/** The page's own global: functions below are run there. */
declare const studyTab: Tab;

/** The `indexedDbStorage` of a tab, for callers in this process: each call is one of the tab's. */
export function bridgedStorage(page: Page, database: string): IndexedDbStorage {
  const call = async (method: keyof Storage, ...given: readonly unknown[]) => {
    const asked = { database, method, given: JSON.stringify(given) };
    return valueIn(
      await page.evaluate((asked) => studyTab.call(asked.database, asked.method, asked.given), asked),
    );
  };
  return {
    read: async (study, from) => (await call('read', study, from)) as readonly StudyEvent[],
    append: async (study, at, events) => (await call('append', study, at, events)) as boolean,
    studies: async () => (await call('studies')) as readonly string[],
    remove: async (study) => (await call('remove', study)) as boolean,
    rename: async (study, to) => void (await call('rename', study, to)),
    readSnapshot: async (study) =>
      (await call('readSnapshot', study)) as { readonly length: number; readonly state: string },
    writeSnapshot: async (study, snapshot) => void (await call('writeSnapshot', study, snapshot)),
    close: async () => void (await call('close')),
    async *watch(study, from, signal) {
      const asked = { database, study, from };
      const watching = await page.evaluate(
        (asked) => studyTab.watch(asked.database, asked.study, asked.from),
        asked,
      );
      const stop = () => page.evaluate((number) => studyTab.stop(number), watching);
      if (signal.aborted) await stop();
      signal.addEventListener('abort', stop);
      for (;;) {
        const events = valueIn(await page.evaluate((number) => studyTab.next(number), watching));
        if (events === undefined) return;
        yield events as readonly StudyEvent[];
      }
    },
  };
}

function valueIn(answer: Answer): unknown {
  if (!('error' in answer)) return answer.value === undefined ? undefined : JSON.parse(answer.value);
  const { name, message, retry, argument } = answer.error;
  if (name === 'StudyReplacedError') throw new StudyReplacedError(message, { retry });
  if (name === 'StorageError') throw new StorageError(message, { retry });
  if (name === 'InvalidArgumentError') throw new InvalidArgumentError(argument!, message, 'see there');
  throw Object.assign(new Error(message), { name });
}
