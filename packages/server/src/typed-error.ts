import {
  FitError,
  InfeasibleSpaceError,
  InvalidArgumentError,
  type OptimizationError,
  OutOfSpaceError,
  SpaceExhaustedError,
  StorageError,
  TrialLimitError,
  TrialStateError,
  UnsupportedError,
} from '@foothold/core';

/** An error as an answer has it. */
export interface ErrorMembers {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly retry?: unknown;
  readonly [fact: string]: unknown;
}

type Make = (of: ErrorMembers, message: string) => OptimizationError;
const text = (value: unknown) => (typeof value === 'string' ? value : '');

const classes: Readonly<Record<string, Make>> = {
  InvalidArgumentError: (of) =>
    new InvalidArgumentError(text(of['argument']), of['value'], text(of['allowed'])),
  OutOfSpaceError: (of) => new OutOfSpaceError(text(of['parameter']), of['value'], text(of['allowed'])),
  SpaceExhaustedError: (of) => new SpaceExhaustedError(Number(of['size'])),
  InfeasibleSpaceError: (of) => new InfeasibleSpaceError(Number(of['tried']), text(of['violation'])),
  TrialStateError: (of) => new TrialStateError(Number(of['number']), text(of['from']), text(of['to'])),
  TrialLimitError: (of) => new TrialLimitError(Number(of['trials'])),
  UnsupportedError: (of) => new UnsupportedError(text(of['ability']), text(of['by'])),
  FitError: (_, message) => new FitError(message),
};

/** Whether the code names a class that `typedError` makes. */
export function hasType({ code }: ErrorMembers): boolean {
  return typeof code === 'string' && Object.hasOwn(classes, code);
}

/**
 * The error of an answer as the class that the server threw, with the server's message. Codes that are of no class in
 * core are a StorageError: the study could not be reached.
 */
export function typedError(of: ErrorMembers, status: number): OptimizationError {
  const message = text(of.message) || `the server answered with status ${status}`;
  const code = text(of.code);
  const make = Object.hasOwn(classes, code) ? classes[code] : undefined;
  if (!make) return new StorageError(message, { retry: of.retry === true });
  const error = make(of, message);
  // The server's words: of a value that JSON cannot hold they say more than what came over.
  error.message = message;
  return error;
}
