import { OptimizationError } from '@foothold/core';

/**
 * The queue's tables are of another version of pg-boss than this worker's. Nothing of a study is in them: `migrate` brings older ones up
 * to date once all other workers have ended; for newer ones install the pg-boss that made them.
 */
export class QueueSchemaError extends OptimizationError {
  static override readonly id: string = 'QueueSchemaError';
  readonly schema: string;
  readonly version: number;
  readonly wanted: number;
  constructor(schema: string, version: number, wanted: number) {
    super(
      `the job queue in the schema ${schema} is of version ${version}, and the pg-boss of this worker has version ${wanted}: ` +
        (version < wanted
          ? 'end the other workers and start one with --migrate-queue'
          : 'install the pg-boss that made it; it is newer'),
    );
    this.schema = schema;
    this.version = version;
    this.wanted = wanted;
  }
}
