import { stopSignals } from './stoppable.ts';

/** Does the work before any signal ends the process. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  const caught: NodeJS.Signals[] = [];
  const onSignal = (signal: NodeJS.Signals): void => {
    caught.push(signal);
  };
  // Where a command handles a signal already, it is the one to say what happens.
  const unhandled = stopSignals.filter((signal) => process.listenerCount(signal) === 0);
  for (const signal of unhandled) process.on(signal, onSignal);
  try {
    return await work();
  } finally {
    // Signals arrive in a later iteration of the event loop.
    await new Promise((done) => setImmediate(done));
    for (const signal of unhandled) process.off(signal, onSignal);
    for (const signal of caught) process.kill(process.pid, signal);
  }
}
