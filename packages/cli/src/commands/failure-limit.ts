import { type FailureLimit, failureLimit as limitOf } from '@foothold/study';

/** As `failureLimit` of @foothold/study, whose message then says what to do on the command line. */
export function failureLimit(options: {
  readonly max?: number | undefined;
  readonly hasComplete: boolean;
}): FailureLimit {
  return limitOf({
    ...options,
    advice:
      'correct the command and run it again (those trials are then evaluated again; where the line stays as it is, with ' +
      '--retry-failed), or allow more with --max-failures',
  });
}
