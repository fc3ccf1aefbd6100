import { wrap } from 'comlink';
import type { TuningService } from './tuning-messages.ts';

/** The worker of the studies. */
export function studyClient() {
  const worker = new Worker(new URL('./study-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('error', (event) => event.preventDefault());
  return wrap<TuningService>(worker);
}
