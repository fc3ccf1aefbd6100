import { OptimizationError } from '@foothold/core';

/** A request that HTTP itself refuses: the code names what is wrong, the status is HTTP's. */
export class HttpError extends OptimizationError {
  static override readonly id: string = 'HttpError';
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 414 | 415 | 429;
  readonly code: string;
  override readonly retry: boolean;
  constructor(status: HttpError['status'], code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.retry = status === 429;
  }
}

/** There is no such study, or the request's token does not reach it. */
export function noSuchStudy(name: string): HttpError {
  return new HttpError(404, 'NotFoundError', `there is no study ${JSON.stringify(name.slice(0, 200))}`);
}
