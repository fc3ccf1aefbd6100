/** The worker of the studies: it asks the sampler, keeps the log in the browser's database, and has the page evaluate. */
import { indexedDbStorage } from '@foothold/study';
import { expose } from 'comlink';
import { runStudy } from './run-study.ts';
import { databaseName, type TuningService } from './tuning-messages.ts';

const storage = indexedDbStorage(databaseName);
let running: AbortController | undefined;

const service: TuningService = {
  run(request, evaluate) {
    // Browsers give locks to pages of https and of this machine.
    if (!navigator.locks) throw new Error('A page runs programs only from https or from this machine.');
    const controller = new AbortController();
    running = controller; // a pause may come before the lock
    return navigator.locks.request(
      `${databaseName}: ${request.name}`,
      { ifAvailable: true },
      async (lock) => {
        if (!lock) throw new Error(`Another tab runs ${request.name}.`);
        const { signal } = controller;
        signal.throwIfAborted();
        const place = { storage, signal, clock: Date.now };
        return runStudy(request, { evaluate }, place);
      },
    );
  },
  pause() {
    running?.abort();
  },
};

expose(service);
