/** Trials of a study as jobs of a queue, evaluated on many machines. */
export * from '@foothold/worker';
