import { OptimizationError } from '@foothold/core';

/** A data file is missing, torn or not what its name says. Replace it: do not retry. */
export class DataFileError extends OptimizationError {
  static override readonly id: string = 'DataFileError';
  readonly file: string;
  /** What is wrong with the file. */
  readonly problem: string;
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
    this.file = file;
    this.problem = problem;
  }
}

/** A file could not be fetched whole. `retry` is true when the connection was at fault. */
export class DownloadError extends OptimizationError {
  static override readonly id: string = 'DownloadError';
  override readonly retry: boolean;
  readonly url: string;
  constructor(url: string, problem: string, options: ErrorOptions & { readonly retry: boolean }) {
    super(`${url}: ${problem}`, options);
    this.url = url;
    this.retry = options.retry;
  }
}
