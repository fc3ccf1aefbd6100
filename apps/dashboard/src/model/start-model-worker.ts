/** Starts the model's worker from its own file. A report has another way (`report/start-model-worker.ts`). */
export function startModelWorker(): Worker {
  return new Worker(new URL('./model-worker.ts', import.meta.url), { type: 'module' });
}
