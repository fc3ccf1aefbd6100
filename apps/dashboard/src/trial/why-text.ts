import type { Json, Trial, Why } from '@foothold/core';
import { outlierNotesOf } from '@foothold/study';
import { shortNumber } from '@foothold/viz';
import { counted } from '../text.ts';

/** Standard deviations on each side of a mean that hold 95 % of a normal distribution. */
const z95 = 1.96;
/** Sources that a sentence names at most. */
const maxSources = 5;

/**
 * Why a trial has its parameters, in sentences, from its `why`: who proposed it, from what, what was expected and how sure, and what came
 * out. Members of a form that is not known are passed over: the log may be of another version.
 */
export function whySentences(trial: Trial, isQueued: boolean): readonly string[] {
  if (trial.loaded) return ['This is a past evaluation that was given to the study; nothing suggested it.'];
  const origin = isQueued ? ['A person or a program enqueued these parameters.'] : [];
  if (!trial.why)
    return origin.length > 0 ? origin : ['The log does not say why these parameters were chosen.'];
  const { targetSampler, ...own } = trial.why;
  const why = targetSampler === undefined ? own : ofTargetSampler(own, recordIn(targetSampler));
  const sentences = [
    ...origin,
    targetSampler === undefined ? undefined : 'It goes straight to the fidelity that counts.',
    proposed(why),
    stage(why),
    sources(why),
    chosenFor(why),
    advice(why),
    expected(why),
    outcome(trial, why),
    ...notes(why),
  ];
  return sentences.filter((sentence): sentence is string => sentence !== undefined);
}

/** A proposal of the sampler that knows the target fidelity alone: what it says itself, and what was noted of the study's trials. */
function ofTargetSampler({ outliers }: Why, own: Why): Why {
  return { ...(outliers !== undefined && { outliers }), ...own };
}

function proposed({ sampler, reason }: Why): string | undefined {
  if (typeof sampler !== 'string') return undefined;
  return `The sampler ${sampler} proposed it${typeof reason === 'string' ? `: ${reason}` : ''}.`;
}

function stage(why: Why): string | undefined {
  const process = recordIn(recordIn(why['model'])['gaussianProcess']);
  const rows = process['rows'];
  switch (why['stage']) {
    case 'initial':
      return 'It belongs to the initial design, before there is a model.';
    case 'warm start':
      return 'It comes from earlier studies alone, before there is a model of this one.';
    case 'model':
      return typeof rows === 'number'
        ? `A Gaussian process of ${counted(rows, 'trial')} chose it.`
        : 'A model of the trials so far chose it.';
    default:
      return typeof why['stage'] === 'string' ? `Its stage is “${why['stage']}”.` : undefined;
  }
}

function sources(why: Why): string | undefined {
  const transfer = recordIn(recordIn(why['model'])['transfer'] ?? why['transfer']);
  const gate = transfer['gate'];
  if (typeof gate !== 'number') return undefined;
  if (gate < 0.005) return 'Earlier studies had no part in it.';
  const listed = Array.isArray(transfer['sources']) ? (transfer['sources'] as readonly Json[]) : [];
  const named = listed
    .map(recordIn)
    .flatMap(({ name, weight }) =>
      typeof name === 'string' && typeof weight === 'number' && weight >= 0.005
        ? [`${name} ${percent(weight)}`]
        : [],
    );
  const more = named.length > maxSources ? ` and ${named.length - maxSources} others` : '';
  return `Earlier studies had ${percent(gate)} of the weight in what the model believed: ${named.slice(0, maxSources).join(', ')}${more}.`;
}

function chosenFor(why: Why): string | undefined {
  const { name, value } = recordIn(why['acquisition']);
  if (typeof name !== 'string') return undefined;
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return `Of all candidates it had the highest ${words}${typeof value === 'number' ? ` (${shortNumber(value)})` : ''}.`;
}

/** What a language model had to do with it. */
function advice(why: Why): string | undefined {
  const { asked, followed, model, proposed, failure, ...adviser } = recordIn(why['adviser']);
  if (typeof asked !== 'boolean') return undefined;
  if (!asked) return 'The language model was not asked.';
  const name = `The language model${typeof model === 'string' ? ` ${model}` : ''}`;
  const spent = spentText(adviser);
  if (followed === true) return `${name} proposed it, and the acquisition took it${spent}.`;
  if (typeof failure === 'string') return `${name} gave no proposal${spent}: ${failure}.`;
  const count = Array.isArray(proposed) ? proposed.length : 0;
  return count === 0
    ? `${name} was asked and proposed nothing that is new and lies in the space${spent}.`
    : `${name} made ${counted(count, 'proposal')}, which the acquisition did not take${spent}.`;
}

function spentText({ tokens, cost }: Readonly<Record<string, Json>>): string {
  const { prompt, completion } = recordIn(tokens);
  if (typeof prompt !== 'number' || typeof completion !== 'number') return '';
  const money = typeof cost === 'number' ? `, cost ${shortNumber(cost)}` : '';
  return ` (${counted(prompt + completion, 'token')}${money})`;
}

function expected(why: Why): string | undefined {
  const { mean, standardDeviation } = predictionIn(why);
  const incumbent = recordIn(why['incumbent']);
  const best =
    typeof incumbent['value'] === 'number'
      ? `; the best so far was ${shortNumber(incumbent['value'])}${typeof incumbent['trial'] === 'number' ? ` (trial ${incumbent['trial']})` : ''}`
      : '';
  if (mean === undefined)
    return typeof why['expectedValue'] === 'number'
      ? `The earlier studies let expect about ${shortNumber(why['expectedValue'])}.`
      : undefined;
  const interval =
    standardDeviation === undefined
      ? ''
      : `, with 95 % probability between ${shortNumber(mean - z95 * standardDeviation)} and ${shortNumber(mean + z95 * standardDeviation)}`;
  return `The model expected ${shortNumber(mean)}${interval}${best}.`;
}

function outcome(trial: Trial, why: Why): string | undefined {
  if (trial.state === 'running') return 'It is being evaluated.';
  if (trial.state === 'failed') return 'It failed.';
  if (trial.state === 'pruned') return 'It was pruned before it ended.';
  const { mean, standardDeviation } = predictionIn(why);
  const came = `It came out at ${shortNumber(trial.value)}`;
  if (mean === undefined || standardDeviation === undefined || !(standardDeviation > 0)) return `${came}.`;
  const away = (trial.value - mean) / standardDeviation;
  if (Math.abs(away) <= z95) return `${came}, within that interval.`;
  return `${came}, ${shortNumber(Number(Math.abs(away).toPrecision(2)))} standard deviations ${away > 0 ? 'above' : 'below'} the expectation.`;
}

/** What else the sampler noted: values that count as failed, parts of earlier studies that could not be used. */
function notes(why: Why): readonly string[] {
  const outliers = outlierNotesOf({ why }).map((note) => `Values beyond all others: ${note}.`);
  const unused = Object.entries(recordIn(why['unused'])).map(
    ([source, text]) => `Not used of ${source}: ${Array.isArray(text) ? text.join('; ') : String(text)}.`,
  );
  return [...outliers, ...unused];
}

function predictionIn(why: Why): { readonly mean?: number; readonly standardDeviation?: number } {
  const { mean, standardDeviation } = recordIn(why['prediction']);
  return {
    ...(typeof mean === 'number' && { mean }),
    ...(typeof standardDeviation === 'number' && { standardDeviation }),
  };
}

function recordIn(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
