import {
  InfeasibleSpaceError,
  InvalidArgumentError,
  OptimizationError,
  OutOfSpaceError,
  SpaceExhaustedError,
  StorageError,
  StudyReplacedError,
  TrialLimitError,
  TrialStateError,
  UnsupportedError,
} from '@foothold/core';
import { type Answer, describedError } from '@foothold/protocol';
import { HttpError } from './http-error.ts';

/** Status and body of the answer to a request that threw. What is no error on purpose is not shown to clients. */
export function errorAnswer(error: unknown): { readonly status: number; readonly body: Answer } {
  if (error instanceof HttpError)
    return {
      status: error.status,
      body: { error: { code: error.code, message: error.message, retry: error.retry } },
    };
  if (!(error instanceof OptimizationError)) {
    const message = 'the server failed; its own output says why';
    return { status: 500, body: { error: { code: 'InternalError', message, retry: false } } };
  }
  return { status: statusOf(error), body: { error: { ...describedError(error), ...factsOf(error) } } };
}

function statusOf(error: OptimizationError): number {
  if (error instanceof StudyReplacedError) return 404;
  if (error instanceof StorageError) return error.retry ? 503 : 500;
  if (
    error instanceof TrialStateError ||
    error instanceof SpaceExhaustedError ||
    error instanceof TrialLimitError
  )
    return 409;
  return 400;
}

/** What the error's class takes, so that a client throws the same one. */
function factsOf(error: OptimizationError): Answer {
  if (error instanceof InvalidArgumentError) return { argument: error.argument, allowed: error.allowed };
  if (error instanceof OutOfSpaceError) return { parameter: error.parameter, allowed: error.allowed };
  if (error instanceof SpaceExhaustedError) return { size: error.size };
  if (error instanceof InfeasibleSpaceError) return { tried: error.tried, violation: error.violation };
  if (error instanceof TrialLimitError) return { trials: error.trials };
  if (error instanceof UnsupportedError) return { ability: error.ability, by: error.by };
  return {};
}
