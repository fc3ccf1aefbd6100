import { InvalidArgumentError, type Report, type ReportAnswer, type Study } from '@foothold/core';

/** The answers to reports that are recorded one after another: a study on a server takes one at a time. */
export async function reportedInTurn(
  study: Pick<Study, 'report'>,
  number: number,
  reports: readonly Report[],
): Promise<readonly ReportAnswer[]> {
  const answers: ReportAnswer[] = [];
  for (const { step, value, metrics } of reports)
    try {
      const isOver = answers.at(-1) === 'prune';
      answers.push(isOver ? 'prune' : await study.report(number, step, value, metrics));
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      answers.push(error);
    }
  return answers;
}
