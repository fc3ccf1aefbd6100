/** A report in prose, written by a language model from figures that were computed, each number checked against them. */
import type { LanguageModel } from '@foothold/core';
import { adviserFailure } from '../adviser-failure.ts';
import { shownText } from '../replies/shown-text.ts';
import { wholeFromOne } from '../whole-from-one.ts';
import { paragraphsIn } from './paragraphs-in.ts';
import { checkFigures, type ReportFigure } from './report-figure.ts';
import { reportPrompt, reportSystem, secondReportPrompt } from './report-prompt.ts';
import { type WrongNumber, wrongNumbers } from './wrong-numbers.ts';

export interface WrittenReportOptions {
  readonly figures: readonly ReportFigure[];
  /** What is known beside them, one sentence or line each: the goal, names, reasons of failures. */
  readonly facts: readonly string[];
  /** Names and texts whose digits are no numbers, as `wrongNumbers` takes them. */
  readonly texts?: readonly string[] | undefined;
  /** Most tokens of a reply, a reasoning model's thoughts among them. Default: 4000. */
  readonly maxTokens?: number | undefined;
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of it. Texts are safe to show on a terminal, and shortened. */
export type WrittenReport =
  | { readonly state: 'written'; readonly text: string }
  /** Both texts had numbers that no figure allows, or were empty: those of the second. */
  | { readonly state: 'refused'; readonly text: string; readonly wrong: readonly WrongNumber[] }
  /** The model gave no answer, or its budget does not allow one. */
  | { readonly state: 'failed'; readonly failure: string };

/** Most characters of a report. */
const maxLength = 6000;

/**
 * Asks the model for a report, and once more where a number of it is wrong (`wrongNumbers`), naming those. Throws InvalidArgumentError
 * for a figure that is not finite; the reason of the signal; what the model throws beside LanguageModelError and BudgetExceededError.
 */
export async function writtenReport(
  model: LanguageModel,
  options: WrittenReportOptions,
): Promise<WrittenReport> {
  const { figures, facts, maxTokens = 4000, seed = 0, signal } = options;
  checkFigures(figures);
  wholeFromOne('maxTokens', maxTokens);
  const attempt = async (prompt: string, number: number) => {
    const request = { system: reportSystem, prompt, maxTokens, temperature: 0, seed: seed + number, signal };
    const { texts } = await model.complete(request);
    const text = paragraphsIn(texts[0] ?? '', maxLength);
    return { text, wrong: wrongNumbers(text, options) };
  };
  const prompt = reportPrompt(
    facts.map((fact) => shownText(fact, 500)),
    figures,
  );
  try {
    const first = await attempt(prompt, 0);
    if (isRight(first)) return { state: 'written', text: first.text };
    const second = await attempt(secondReportPrompt(prompt, first.text, first.wrong), 1);
    return isRight(second) ? { state: 'written', text: second.text } : { state: 'refused', ...second };
  } catch (error) {
    const failure = adviserFailure(error);
    if (failure === undefined) throw error;
    return { state: 'failed', failure: shownText(failure, 300) };
  }
}

function isRight({
  text,
  wrong,
}: {
  readonly text: string;
  readonly wrong: readonly WrongNumber[];
}): boolean {
  return text !== '' && wrong.length === 0;
}
