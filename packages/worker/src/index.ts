export { failuresAttribute, failuresOf } from './failure-count.ts';
export { QueueSchemaError } from './queue-schema-error.ts';
export { type Resources, resourcesOf, resourcesText, type Slots, slotsOf } from './resources.ts';
export { runWorker } from './run-worker.ts';
export type { TrialCall, TrialQueue } from './trial-job.ts';
export { type TrialQueueOptions, trialQueue } from './trial-queue.ts';
export type { WorkerOptions, WorkerResult } from './worker-options.ts';
