import { InvalidArgumentError, type Params } from '@foothold/core';
import { fileStorage } from '@foothold/study';
import { type AcrossScalesResult, learningRateShift, type ScaleObjective, smallToLarge } from 'foothold';
import { paramsText, short } from '../progress.ts';
import { readSpace } from '../read-space.ts';
import { scaleProgress } from '../scale-progress.ts';
import { UsageError } from '../usage-error.ts';
import { acrossScalesReport } from './across-scales-report.ts';
import { commandNotes, commandObjective } from './command-objective.ts';
import { interruptible } from './interruptible.ts';
import { studyName } from './study-name.ts';
import { refuseUnwritable, writeWhole } from './write-report.ts';

export interface AcrossScalesCommandOptions {
  readonly space: string;
  readonly run?: string;
  /** Fidelities separated by commas. */
  readonly scales: string;
  /** Costs separated by commas, or 'measured'. */
  readonly costs?: string;
  readonly budget?: number;
  readonly fidelityName: string;
  /** These three go without `--scales`. */
  readonly small?: string;
  readonly large?: string;
  readonly from?: readonly string[];
  readonly lrShift?: string;
  readonly direction: 'minimize' | 'maximize';
  /** False where the direction is the default. */
  readonly directionGiven?: boolean;
  readonly metric?: string;
  readonly timeout?: number;
  readonly concurrency: number;
  readonly storage: string;
  readonly name?: string;
  readonly seed: number;
  readonly shell?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

/** `foothold small-to-large --scales …`: one command at several scales, resumable between any two trials. */
export async function acrossScalesCommand(options: AcrossScalesCommandOptions): Promise<void> {
  const { direction, seed, budget, fidelityName, concurrency } = options;
  for (const option of ['small', 'large', 'from'] as const)
    if (options[option] !== undefined) throw new UsageError(`--${option} goes without --scales`);
  refuseUnwritable('--report', options.report);
  const { run: command } = options;
  if (command === undefined)
    throw new InvalidArgumentError(
      '--run',
      command,
      `a command, with {${fidelityName}} where the scale goes`,
    );
  if (budget === undefined)
    throw new InvalidArgumentError('--budget', budget, 'the cost of all evaluations together');
  const space = readSpace(options.space);
  const fidelities = numbers('--scales', options.scales);
  const measured = options.costs === 'measured';
  const costs = options.costs === undefined || measured ? undefined : numbers('--costs', options.costs);
  if (costs && costs.length !== fidelities.length)
    throw new InvalidArgumentError('--costs', options.costs, `${fidelities.length} numbers, or measured`);
  const name =
    options.name ??
    studyName(command, [space.description, fidelities, fidelityName, direction, options.metric, seed]);
  const own = space.columns.map((column) => column.name);
  if (own.includes(fidelityName))
    throw new InvalidArgumentError(
      '--fidelity-name',
      fidelityName,
      'a name that no parameter of the space has',
    );
  const names = [...own, fidelityName];
  const objective = commandObjective({
    ...options,
    run: command,
    names,
    refuseAccuracy: options.directionGiven === false && direction === 'minimize',
    onFirstReading: (reads) => progress.note(`reads ${reads}`),
  });
  const evaluate: ScaleObjective<Params> = (params, context) =>
    objective({ ...params, [fidelityName]: context.fidelity }, context);
  const shiftOf = shifts(options.lrShift, fidelities.at(-1)!);
  const progress = scaleProgress(process.stderr, { budget, direction, last: fidelities.length - 1 });
  progress.note(`study ${name} in ${options.storage}`);
  for (const note of commandNotes({ run: command, names, shell: options.shell })) progress.note(note);

  const result = await interruptible(async (signal) => {
    const run = await smallToLarge<Params>({
      space,
      evaluate,
      budget,
      direction,
      seed,
      signal,
      name,
      concurrency,
      fidelityName,
      ...(measured && { costs: 'measured' as const, clock: () => performance.now() }),
      scales: fidelities.map((fidelity, i) => ({
        fidelity,
        ...(costs && { cost: costs[i]! }),
        ...shiftOf(fidelity),
      })),
      storage: fileStorage(options.storage),
      onTrial: progress.trial,
    }).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (signal.aborted) {
      progress.note('stopped; the same line goes on from here');
      process.exitCode = 130;
    }
    return run;
  });
  progress.end();
  if (!result) return;
  if (options.report) {
    const html = await acrossScalesReport(result, { name, direction, space: space.description, measured });
    progress.note(`report: ${await writeWhole(options.report, html)}`);
  }
  write(result, { name, json: options.json ?? false });
}

function write(
  { best, scales, spent }: AcrossScalesResult<Params>,
  { name, json }: { readonly name: string; readonly json: boolean },
): void {
  if (json) {
    const told = scales.map(({ fidelity, cost, spent: of, trials, best: top }) => ({
      fidelity,
      cost,
      spent: of,
      trials: trials.length,
      best: top ?? null,
    }));
    process.stdout.write(`${JSON.stringify({ study: name, best, spent, scales: told })}\n`);
    return;
  }
  for (const { name: scale, trials, spent: of } of scales)
    process.stdout.write(`scale ${scale}: ${trials.length} trials, cost ${short(of)}\n`);
  process.stdout.write(
    `best value ${best.value} (trial ${best.number}, scale ${scales.at(-1)!.name}): ${paramsText(best.params, String)}\n`,
  );
}

function numbers(option: string, text: string): readonly number[] {
  const found = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!found.every((value) => value > 0 && value < Infinity))
    throw new InvalidArgumentError(option, text, 'numbers above 0, separated by commas');
  return found;
}

/** The shift of a scale, of which the fidelity is the width, from `lr` or `lr:-0.5`. */
function shifts(text: string | undefined, toWidth: number) {
  const [parameter = '', power = '-1'] = text?.split(':') ?? [];
  return (fromWidth: number) =>
    text === undefined || fromWidth === toWidth
      ? {}
      : { shift: learningRateShift({ parameter, fromWidth, toWidth, exponent: Number(power) }) };
}
