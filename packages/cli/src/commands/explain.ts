import type { LanguageModel } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import type { Ledger, Prices, WrittenReport } from '@foothold/llm';
import { type StudyFigures, studyFigures } from '@foothold/study-model';
import { figureRows } from '../explained/figure-rows.ts';
import { markdownReport } from '../explained/markdown-report.ts';
import { reportInput } from '../explained/report-input.ts';
import { givenModelFlags, type ModelFlags } from '../language-model/model-options.ts';
import { printable, withoutSecrets } from '../safe-text.ts';
import { textTable } from '../text-table.ts';
import { UsageError } from '../usage-error.ts';
import { doneUnlessStopped, type Stoppable, stoppable } from './stoppable.ts';
import { storedState } from './stored-events.ts';
import { refuseUnwritable, writeWhole } from './write-report.ts';

export interface ExplainOptions extends ModelFlags {
  readonly storage: string;
  readonly model?: string;
  readonly maxCost?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** The model that writes the report, with its limits and its budget. */
interface OpenedModel {
  readonly model: LanguageModel;
  readonly ledger: Ledger;
  readonly prices: Prices | undefined;
  /** Throws what its first call would throw. */
  check(signal: AbortSignal): Promise<void>;
}

/**
 * `foothold explain STUDY`: the figures of a study, computed here, and a report of them by a language model where one is named.
 *
 * Throws UsageError for a study that is not there and for options that do not go together; LanguageModelError and BudgetExceededError
 * for a model that cannot be asked, before the figures are computed. A text with a wrong number, and a model that fails later, leave
 * the figures, with a note on standard error.
 */
export function explain(name: string, options: ExplainOptions): Promise<void> {
  return stoppable(async (run) => {
    await doneUnlessStopped(run, () => explainWith(name, options, run));
  });
}

async function explainWith(name: string, options: ExplainOptions, { signal }: Stoppable): Promise<void> {
  refuseUnwritable('--out', options.out);
  const opened = await openedModel(options);
  const state = await storedState(name, options.storage);
  await opened?.check(signal);
  const pause = async () => {
    await new Promise((next) => setImmediate(next));
    signal.throwIfAborted();
  };
  const found = withoutSecretsIn(await studyFigures(name, state, { linalg: await wasm(), pause }));
  const report = opened && (await writtenBy(opened, { found, space: state.space, signal }));
  const note = noteOf(report, options.model);
  if (report && report.state !== 'written') process.stderr.write(`${note}\n`);
  if (opened) process.stderr.write(`${spentText(opened)}\n`);
  await say({ found, report, note }, options);
}

/** The figures, whose reasons of failures hold no secret; those that then are the same count as one. */
function withoutSecretsIn(found: StudyFigures): StudyFigures {
  const counts = new Map<string, number>();
  for (const { reason, trials } of found.failures) {
    const shown = printable(withoutSecrets(reason));
    counts.set(shown, (counts.get(shown) ?? 0) + trials);
  }
  return { ...found, failures: [...counts].map(([reason, trials]) => ({ reason, trials })) };
}

async function openedModel(options: ExplainOptions): Promise<OpenedModel | undefined> {
  const { model: name, maxCost } = options;
  if (name === undefined) {
    const [flag] = [...givenModelFlags(options), ...(maxCost === undefined ? [] : ['--max-cost'])];
    if (flag !== undefined) throw new UsageError(`${flag} goes with --model, which names the model`);
    return undefined;
  }
  const { modelOfFlags } = await import('../language-model/model-of-flags.ts');
  const { limited, budgets } = modelOfFlags({
    ...{ name, flag: '--model', flags: options },
    maxCost: { flag: '--max-cost', value: maxCost },
  });
  const { checkLanguageModel, ledger } = await import('@foothold/llm');
  const account = ledger(budgets);
  const model = limited(account);
  const check = (signal: AbortSignal) => checkLanguageModel(model, { signal });
  return { model, ledger: account, prices: budgets.prices, check };
}

async function writtenBy(
  { model }: OpenedModel,
  {
    found,
    space,
    signal,
  }: {
    readonly found: StudyFigures;
    readonly space: Parameters<typeof reportInput>[1];
    readonly signal: AbortSignal;
  },
): Promise<WrittenReport> {
  const { writtenReport } = await import('@foothold/llm');
  return writtenReport(model, { ...reportInput(found, space), signal });
}

/** What a reader should know of the text, or why there is none. */
function noteOf(report: WrittenReport | undefined, model = ''): string | undefined {
  switch (report?.state) {
    case undefined:
      return undefined;
    case 'written':
      return `Written by ${printable(model)}. Each number was compared with the figures below; what the text makes of them was not.`;
    case 'failed':
      return `There is no text, only the figures: ${printable(report.failure)}`;
    case 'refused': {
      const numbers = report.wrong
        .slice(0, 5)
        .map(({ text, reason }) => `“${printable(text)}” (${printable(reason)})`);
      const why = numbers.length > 0 ? `it has wrong numbers: ${numbers.join(', ')}` : 'it is empty';
      return `There is no text, only the figures: that of ${printable(model)} was refused twice, since ${why}`;
    }
  }
}

function spentText({ ledger, prices }: OpenedModel): string {
  const { requests, promptTokens, completionTokens, cost } = ledger.state();
  const money = prices ? `, cost ${Number(cost.toPrecision(6))}` : '';
  return `language model: ${requests} ${requests === 1 ? 'call' : 'calls'}, ${promptTokens + completionTokens} tokens${money}`;
}

async function say(
  {
    found,
    report,
    note,
  }: {
    readonly found: StudyFigures;
    readonly report: WrittenReport | undefined;
    readonly note: string | undefined;
  },
  { json, out }: ExplainOptions,
): Promise<void> {
  const rows = figureRows(found);
  const text = report?.state === 'written' ? report.text : undefined;
  if (out !== undefined) {
    const path = await writeWhole(
      out,
      markdownReport({ title: `Study ${printable(found.study)}`, text, note, rows }),
    );
    if (!json) process.stdout.write(`${path}\n`);
  }
  if (json) {
    const told = report && { ...report, ...(note !== undefined && { note }) };
    process.stdout.write(`${JSON.stringify({ ...found, ...(told && { report: told }) })}\n`);
  } else if (out === undefined) {
    const prose = text === undefined ? '' : `${text}\n\n${note}\n\n`;
    process.stdout.write(`${prose}${textTable(rows.map((row) => [...row]))}`);
  }
}
