import type { ModelAnswer, ModelQuestion } from './model-messages.ts';
import type { ModelService } from './model-service.ts';
import { startModelWorker } from './start-model-worker.ts';

/** The service in a worker of its own, so that the page answers while it computes. */
export interface ModelClient extends ModelService {
  close(): void;
}

/** The worker cannot be had: a browser, or the page's policy, may forbid it. */
export class ModelUnavailableError extends Error {
  override readonly name = 'ModelUnavailableError';
}

/** Starts the worker. Calls reject with ModelUnavailableError where there is none, else with what the service throws. */
export function modelClient(): ModelClient {
  const open = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let worker: Worker | undefined;
  let count = 0;
  const fail = (error: Error) => {
    for (const { reject } of open.values()) reject(error);
    open.clear();
  };
  try {
    worker = startModelWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<ModelAnswer>) => {
      const waiting = open.get(data.id);
      open.delete(data.id);
      if ('error' in data) waiting?.reject(Object.assign(new Error(data.error.message), data.error));
      else waiting?.resolve(data.result);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      worker?.terminate();
      worker = undefined;
      fail(new ModelUnavailableError(event.message || 'its script cannot be loaded'));
    });
  } catch (error) {
    worker = undefined;
    if (!(error instanceof Error)) throw error;
  }
  const call =
    (operation: ModelQuestion['operation']) =>
    (...operands: readonly unknown[]) =>
      new Promise<never>((resolve, reject) => {
        if (!worker) return reject(new ModelUnavailableError('this page has no worker'));
        const id = count++;
        open.set(id, { resolve: resolve as (result: unknown) => void, reject });
        worker.postMessage({ id, operation, operands } satisfies ModelQuestion);
      });
  return {
    fit: call('fit'),
    believe: call('believe'),
    marginals: call('marginals'),
    slices: call('slices'),
    importance: call('importance'),
    suggest: call('suggest'),
    matrix: call('matrix'),
    matrixHistory: call('matrixHistory'),
    close() {
      worker?.terminate();
      worker = undefined;
      fail(new ModelUnavailableError('the page was left'));
    },
  };
}
