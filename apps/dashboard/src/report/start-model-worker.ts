let code: string | undefined;

/** Keeps the script of the model's worker, which stands in the page. */
export function keepWorkerCode(text: string): void {
  code = text;
}

/** A worker of the script in the page: takes the place of `model/start-model-worker.ts` in a report. */
export function startModelWorker(): Worker {
  const address = URL.createObjectURL(new Blob([code ?? ''], { type: 'text/javascript' }));
  try {
    // Without modules: those of a file that was opened without a server may not come from such an address.
    return new Worker(address);
  } finally {
    // The worker has begun to read it by then.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}
