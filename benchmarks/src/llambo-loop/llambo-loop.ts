/**
 * The loop of the authors' program of LLAMBO beside ours, on the same recorded replies: which objectives each comes to the end with,
 * and what the prompts of each show.
 *
 * `pnpm bench llambo-loop`: 13 objectives, 5 first and 25 further trials each. What the authors' program does was recorded by
 * `llambo-loop/record-reference.py`, which runs it; it is not run here. `summary.missing` names what its prompts show and ours do not.
 */
import {
  type CompletionRequest,
  type LanguageModel,
  type Params,
  smallestOf,
  type Trial,
} from '@foothold/core';
import { llambo, recordedModel, taskCard } from '@foothold/llm';
import { random } from '@foothold/samplers';
import { logUniform, searchSpace } from '@foothold/space';
import { createStudy, memoryStorage, optimize } from 'foothold';
import type { BenchOptions } from '../bench-options.ts';
import { informationIn, type Shown } from './information-in.ts';
import { type Information, type LoopObjective, reference, type SvmParams } from './reference.ts';

const bounds = { C: [1, 1e3], gamma: [1e-4, 1e-3], tol: [1e-5, 1e-1] } as const;
const space = searchSpace({
  C: logUniform(...bounds.C),
  gamma: logUniform(...bounds.gamma),
  tol: logUniform(...bounds.tol),
});

export async function llamboLoop({ quick, emit }: BenchOptions): Promise<void> {
  const ends = { reference: 0, ours: 0 };
  const cases = Object.entries(reference.objectives).slice(0, quick ? 3 : undefined);
  let prompts: readonly string[] = [];
  for (const [name, objective] of cases) {
    const theirs = reference.outcomes[name]!;
    const run = await ownLoop(objective);
    if (name === 'accuracy') prompts = run.prompts;
    const isDone = run.trials.length === 5 + reference.trials;
    if (theirs.ends === 'all trials') ends.reference++;
    if (isDone) ends.ours++;
    emit({
      ...{ bench: 'llambo-loop', objective: name, ...objective },
      reference: { ends: theirs.ends, evaluations: theirs.evaluations },
      ours: {
        ends: isDone ? 'all trials' : 'early',
        evaluations: run.trials.length,
        byModel: run.trials.filter(({ why }) => why?.['stage'] === 'llambo').length,
      },
    });
  }
  const information = ownInformation(prompts);
  for (const kind of ['candidates', 'prediction'] as const)
    emit({
      bench: 'llambo-loop',
      prompt: kind,
      reference: reference.information[kind],
      ours: information[kind],
    });
  emit({ bench: 'llambo-loop', mode: 'generative', reference: reference.generative });
  const missing = (['candidates', 'prediction'] as const).flatMap((kind) =>
    missingIn(information[kind], reference.information[kind]).map((item) => `${kind}: ${item}`),
  );
  emit({
    bench: 'llambo-loop',
    summary: { objectives: cases.length, ends, missing, commit: reference.source.commit },
  });
}

/** What our loop made of an objective, with the prompts in their order. */
export async function ownLoop(
  objective: LoopObjective,
): Promise<{ readonly trials: readonly Trial[]; readonly prompts: readonly string[] }> {
  const { direction } = objective;
  const prompts: string[] = [];
  const card = cardOf(objective);
  const sampler = llambo(recordedReplies(objective, prompts), { card, initial: random() });
  const study = createStudy({ space, direction, sampler, storage: memoryStorage(), seed: 1 });
  for (const params of reference.initial) await study.enqueue(params);
  await optimize(study, (params: Params) => valueAt(objective, params as SvmParams), {
    trials: 5 + reference.trials,
  });
  return { trials: await study.trials(), prompts };
}

function cardOf({ direction }: LoopObjective) {
  const { samples, features, classes } = reference.card;
  return taskCard(
    {
      ...{ model: 'SVM', task: 'classification', metric: 'accuracy', direction, samples, classes },
      features: { total: features, categorical: 0, numeric: features },
      hyperparameters: { C: {}, gamma: {}, tol: {} },
    },
    { space, direction },
  );
}

/** The value of a configuration; the same as `value` of `record-reference.py`. */
function valueAt({ offset, factor }: LoopObjective, params: SvmParams): number {
  const [c, gamma, tol] = [params.C, params.gamma, params.tol].map(Math.log10) as [number, number, number];
  return offset + factor * Math.exp(-((c - 1.5) ** 2) - 4 * (gamma + 3.4) ** 2 - 0.1 * (tol + 3) ** 2);
}

/** The recorded candidates in their order, and predictions at the recorded fractions of the range of the values, one after another. */
function recordedReplies({ offset, factor }: LoopObjective, prompts: string[]): LanguageModel {
  const { candidates, fractions } = reference;
  const low = smallestOf([offset, offset + factor]);
  const counts = { candidates: 0, predictions: 0 };
  return recordedModel(({ prompt, count = 1 }: CompletionRequest) => {
    prompts.push(prompt);
    return Array.from({ length: count }, () => {
      if (prompt.includes('Propose')) {
        const config = candidates[counts.candidates++ % candidates.length]!;
        return `## C: ${config.C}, gamma: ${config.gamma}, tol: ${config.tol} ##`;
      }
      const fraction = fractions[counts.predictions++ % fractions.length]!;
      return `## ${low + fraction * Math.abs(factor)} ##`;
    });
  });
}

/** What the first prompts of each kind show. */
export function ownInformation(
  prompts: readonly string[],
): Readonly<Record<'candidates' | 'prediction', Information>> {
  const objective = reference.objectives['accuracy']!;
  const evaluated = reference.initial.map((params) => ({ params, value: valueAt(objective, params) }));
  const values = evaluated.map(({ value }) => value).sort((a, b) => a - b);
  const [low, high] = [values[0]!, values.at(-1)!];
  const shown: Shown = {
    ...{ ...reference.card, model: 'SVM', task: 'classification', metric: 'accuracy' },
    ...{ bounds, evaluated, target: high + 0.1 * (high - low) },
  };
  const first = (isWanted: (prompt: string) => boolean) => informationIn(prompts.find(isWanted) ?? '', shown);
  return {
    candidates: first((prompt) => prompt.includes('Propose')),
    prediction: first((prompt) => prompt.includes('Predict the')),
  };
}

/** What the reference's prompt shows and ours does not. */
export function missingIn(ours: Information, theirs: Information): readonly string[] {
  return Object.entries(theirs).flatMap(([item, value]) => {
    const own = ours[item as keyof Information];
    const isThere = item === 'example_error' ? Number(own) <= Number(value) : Number(own) >= Number(value);
    return isThere ? [] : [item];
  });
}
