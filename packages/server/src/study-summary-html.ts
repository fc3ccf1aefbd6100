import { OptimizationError, type Trial } from '@foothold/core';
import {
  bestTrial,
  comparableTrials,
  lastOutlierNotes,
  loggedFidelities,
  paretoFront,
  replay,
  type StudyState,
  trialCounts,
} from '@foothold/study';
import { escapedHtml } from './escaped-html.ts';
import type { ReportedStudy } from './reported-study.ts';

/** Failures that are named where no trial is complete. */
const maxReasons = 5;

/** The best trial of a study and its parameters, for readers without scripts. */
export function studySummaryHtml(
  { name, events, summary }: ReportedStudy,
  textOf: (text: string) => string = (text) => text,
): string {
  return `<section class="card">\n<h2>${escapedHtml(name)}</h2>\n${summary === undefined ? bodyOf(events, textOf) : `<p>${escapedHtml(textOf(summary))}</p>`}\n</section>`;
}

function bodyOf(events: ReportedStudy['events'], textOf: (text: string) => string): string {
  let state: StudyState;
  try {
    state = replay(events);
  } catch (error) {
    if (!(error instanceof OptimizationError)) throw error;
    return `<p>Its log cannot be read: ${escapedHtml(error.message)}</p>`;
  }
  const { trials, goal, facts } = state;
  if (facts?.['matrix'] !== undefined)
    return `<p>${escapedHtml(`${trialCounts(trials).complete} cells of a score matrix are known.`)}</p>`;
  const best = goal && bestTrial(comparableTrials(state), goal);
  const parts = [`<p>${escapedHtml(sentence(state, best))}</p>`];
  const outliers = lastOutlierNotes(trials);
  if (outliers.length > 0)
    parts.push(`<p>${escapedHtml(`Outliers as the model treats them: ${outliers.join('; ')}.`)}</p>`);
  if (best) parts.push(table([[metricOf(state), best.value], ...Object.entries(best.params)]));
  else {
    const reasons = trials.flatMap((trial) => (trial.state === 'failed' ? [textOf(trial.reason)] : []));
    parts.push(
      ...[...new Set(reasons)].slice(0, maxReasons).map((reason) => `<p>${escapedHtml(reason)}</p>`),
    );
  }
  return parts.join('\n');
}

/** `Smallest loss 0.0123 in trial 7 of 30, 4 of them pruned.` */
function sentence(state: StudyState, best: ReturnType<typeof bestTrial>): string {
  const { trials, goal } = state;
  const counts = trialCounts(trials);
  const ended = trials.length - counts.running;
  const parts = [
    ...(counts.pruned > 0 ? [`${counts.pruned} of them pruned`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} of them failed`] : []),
    ...(counts.running > 0 ? [`${counts.running} more running`] : []),
  ];
  const others = parts.length > 0 ? `, ${parts.join(', ')}` : '';
  if (!best || !goal) return `${ended} trials, none of them complete${others}.`;
  const word = (goal.objectives?.[0]?.direction ?? goal.direction) === 'minimize' ? 'Smallest' : 'Largest';
  const front =
    (goal.objectives?.length ?? 0) > 1
      ? ` The Pareto front has ${paretoFront(comparableTrials(state), goal).length} trials.`
      : '';
  const value = Number(best.value.toPrecision(6));
  const fidelities = loggedFidelities(state);
  const at = fidelities ? ` at ${fidelities.parameter} ${fidelities.levels.at(-1)!.name}` : '';
  return `${word} ${metricOf(state)} ${value}${at} in trial ${best.number} of ${ended}${others}.${front}`;
}

function metricOf({ facts }: StudyState): string {
  const metric = facts?.['metric'];
  return typeof metric === 'string' && metric !== '' ? metric : 'value';
}

function table(rows: readonly (readonly [string, Trial['params'][string]])[]): string {
  const lines = rows.map(
    ([name, value]) =>
      `<tr><th scope="row">${escapedHtml(name)}</th><td>${escapedHtml(typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value))}</td></tr>`,
  );
  return `<table class="params"><tbody>\n${lines.join('\n')}\n</tbody></table>`;
}
