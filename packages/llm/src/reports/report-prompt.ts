import { shownText } from '../replies/shown-text.ts';
import type { ReportFigure } from './report-figure.ts';
import type { WrongNumber } from './wrong-numbers.ts';

export const reportSystem =
  'You explain the results of hyperparameter tuning to the person who ran it. You state only what the given facts and figures show.';

/** The task of a report: what is known, and how it is written. */
export function reportPrompt(facts: readonly string[], figures: readonly ReportFigure[]): string {
  return [
    'Write a report of a finished search for good parameters, in English, of three to five short paragraphs without headings or tables:',
    'what was found, which parameters matter and how they interact, how sure this is, and what to try next.',
    '',
    'Facts:',
    ...facts.map((fact) => `- ${fact}`),
    'Figures:',
    ...figures.map(figureLine),
    '',
    'Rules:',
    '- Every number in the report is one of these figures, in digits, as it is or rounded at its last digit. Shares may be percentages.',
    '- No other numbers: no sums, differences, ratios, thresholds or fractions of figures, none from memory.',
    '- Name the parameter in each sentence that states a figure of it. Names of parameters stand in backticks.',
  ].join('\n');
}

/** The same task again, with what was wrong. */
export function secondReportPrompt(first: string, text: string, wrong: readonly WrongNumber[]): string {
  const listed = wrong
    .slice(0, maxListed)
    .map((one) => `- "${shownText(one.text, 60)}": ${shownText(one.reason, 300)}`);
  return [
    first,
    '',
    'Your last report was refused:',
    text === '' ? '(it was empty)' : text,
    ...(listed.length > 0 ? ['', 'Its wrong numbers:', ...listed] : []),
    '',
    'Write the whole report again without them.',
  ].join('\n');
}

const maxListed = 20;

function figureLine({ name, value, kind }: ReportFigure): string {
  // Six digits: what a reader writes is shorter, and is rounded as the figure itself.
  const shown = kind === 'count' ? String(value) : String(Number(value.toPrecision(6)));
  return `- ${shownText(name, 300)}: ${shown}${kind === 'share' ? ' (a share of 1)' : ''}`;
}
