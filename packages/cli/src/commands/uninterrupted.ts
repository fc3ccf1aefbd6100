import { stopSignals } from './stoppable.ts';

/** How many works are under way that no signal may end. */
let running = 0;
/** What arrived meanwhile. */
const caught: NodeJS.Signals[] = [];

/** Does the work before any signal ends the process. A signal that arrives meanwhile takes effect when all such work is done. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  // The listeners stay: a signal that has arrived, but was not delivered to its listener, is lost with the listener.
  for (const signal of stopSignals)
    if (!process.listeners(signal).includes(onSignal)) process.on(signal, onSignal);
  running += 1;
  try {
    return await work();
  } finally {
    // Signals arrive in a later iteration of the event loop.
    await new Promise((done) => setImmediate(done));
    running -= 1;
    if (running === 0) for (const signal of caught.splice(0)) endBy(signal);
  }
}

function onSignal(signal: NodeJS.Signals): void {
  // Where a command handles a signal itself, it is the one to say what happens.
  if (process.listenerCount(signal) > 1) return;
  if (running > 0) caught.push(signal);
  else endBy(signal);
}

/** What the signal does to a process without a listener. */
function endBy(signal: NodeJS.Signals): void {
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}
