import { InvalidArgumentError, type Outcome } from '@foothold/core';
import { checkedOutcome } from '../plans/checked-outcome.ts';
import { outputFault } from '../plans/checked-output.ts';

/**
 * What is wrong with the shape of a stored event, as a text; undefined for one that a study can have written. Whether
 * it fits the events before it is for `replay` to say.
 */
export function eventFault(event: unknown): string | undefined {
  if (isDeep(event)) return `it is nested deeper than ${maxLevels} levels`;
  if (!isObject(event)) return `${shown(event)} is no event`;
  if (event.at !== undefined && numberFault('at', event.at)) return numberFault('at', event.at);
  switch (event.type) {
    case 'created':
      return goalFault(event.goal) ?? spaceFault(event.space) ?? numberFault('seed', event.seed);
    case 'enqueued':
      return paramsFault(event.params);
    case 'dequeued':
      return (
        paramsFault(event.params) ??
        (typeof event.reason === 'string' ? undefined : fault('reason', event.reason, 'a text'))
      );
    case 'loaded':
      return (
        countFault('number', event.number) ??
        paramsFault(event.params) ??
        outcomeFault(event.outcome) ??
        stateFault(event.samplerState)
      );
    case 'asked':
      return countFault('number', event.number) ?? paramsFault(event.params) ?? askedFault(event);
    case 'claimed':
      return typeof event.owner === 'string' ? undefined : fault('owner', event.owner, 'a text');
    case 'reported':
      return (
        countFault('number', event.number) ??
        countFault('step', event.step) ??
        numberFault('value', event.value) ??
        metricsFault(event.metrics)
      );
    case 'told':
      return countFault('number', event.number) ?? outcomeFault(event.outcome);
    case 'expired':
      return countFault('number', event.number) ?? flagFault('lost', event.lost);
    case 'reopened':
    case 'deleted':
    case 'restored':
      return countFault('number', event.number);
    case 'printed':
      return countFault('number', event.number) ?? outputFault(event.lines);
    case 'described':
      return isObject(event.facts) ? undefined : fault('facts', event.facts, 'an object');
    case 'noted':
      return notedFault(event);
    case 'configured':
      return textFault('program', event.program);
    case 'edited':
      return (
        spaceFault(event.space) ??
        (event.goal === undefined ? undefined : goalFault(event.goal)) ??
        (event.values === undefined ? undefined : paramsFault(event.values))
      );
    default:
      return `its type is unknown: ${shown(event.type)}`;
  }
}

/** Levels of objects and lists in an event; few have more than five. Much deeper ones end the process that prints them. */
const maxLevels = 100;

function isDeep(value: unknown, level = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (level === maxLevels) return true;
  if (Array.isArray(value)) return value.some((inner: unknown) => isDeep(inner, level + 1));
  for (const key in value) {
    const inner = (value as Fields)[key];
    if (typeof inner === 'object' && isDeep(inner, level + 1)) return true;
  }
  return false;
}

type Fields = { readonly [key: string]: unknown };

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function fault(what: string, value: unknown, allowed: string): string {
  return `${what} is ${shown(value)}, allowed is ${allowed}`;
}

function numberFault(what: string, value: unknown): string | undefined {
  return Number.isFinite(value) ? undefined : fault(what, value, 'a finite number');
}

function countFault(what: string, value: unknown): string | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0
    ? undefined
    : fault(what, value, 'a whole number from 0');
}

function metricsFault(metrics: unknown): string | undefined {
  if (metrics === undefined) return undefined;
  if (!isObject(metrics)) return fault('metrics', metrics, 'an object of finite numbers');
  for (const [name, value] of Object.entries(metrics))
    if (!Number.isFinite(value)) return fault(`metrics.${name}`, value, 'a finite number');
  return undefined;
}

function paramsFault(params: unknown): string | undefined {
  if (!isObject(params)) return fault('params', params, 'an object from parameter to value');
  for (const [name, value] of Object.entries(params))
    if (!Number.isFinite(value) && typeof value !== 'string' && typeof value !== 'boolean' && value !== null)
      return fault(`params.${name}`, value, 'a finite number, a text, true, false or null');
  return undefined;
}

/** Fields of a trial that no outcome may replace. */
const ofTrial = [
  'number',
  'params',
  'reports',
  'why',
  'samplerState',
  'loaded',
  'startedAt',
  'finishedAt',
  'outside',
  'attributes',
  'note',
  'piece',
];

function outcomeFault(outcome: unknown): string | undefined {
  if (!isObject(outcome)) return fault('outcome', outcome, 'an object with a state');
  const foreign = ofTrial.find((key) => Object.hasOwn(outcome, key));
  if (foreign !== undefined) return `outcome.${foreign} is no part of an outcome`;
  try {
    checkedOutcome(outcome as unknown as Outcome, { metrics: [] });
    return undefined;
  } catch (error) {
    if (error instanceof InvalidArgumentError) return `outcome: ${error.message}`;
    throw error;
  }
}

function flagFault(what: string, value: unknown): string | undefined {
  return value === undefined || typeof value === 'boolean' ? undefined : fault(what, value, 'true or false');
}

function stateFault(samplerState: unknown): string | undefined {
  if (samplerState === undefined || isObject(samplerState)) return undefined;
  return fault('samplerState', samplerState, 'an object');
}

function askedFault({
  lease,
  queued,
  given,
  fixed,
  why,
  samplerState,
  claim,
  prefix,
  batch,
}: Fields): string | undefined {
  if (!isObject(lease)) return fault('lease', lease, 'an object with an owner');
  if (typeof lease.owner !== 'string') return fault('lease.owner', lease.owner, 'a text');
  if (lease.until !== undefined && !Number.isFinite(lease.until))
    return fault('lease.until', lease.until, 'a finite number');
  const ofKey = textFault('lease.key', lease.key);
  if (ofKey !== undefined) return ofKey;
  if (claim !== undefined && countFault('claim', claim)) return countFault('claim', claim);
  if (prefix !== undefined && countFault('prefix', prefix)) return countFault('prefix', prefix);
  const ofBatch = batchFault(batch);
  if (ofBatch !== undefined) return ofBatch;
  const ofQueued = flagFault('queued', queued);
  if (ofQueued !== undefined) return ofQueued;
  for (const [name, params] of Object.entries({ given, fixed })) {
    const ofParams = params === undefined ? undefined : paramsFault(params);
    if (ofParams !== undefined) return `${name}: ${ofParams}`;
  }
  const ofState = stateFault(samplerState);
  if (ofState !== undefined) return ofState;
  return why === undefined || isObject(why) ? undefined : fault('why', why, 'an object');
}

function batchFault(batch: unknown): string | undefined {
  if (batch === undefined) return undefined;
  if (!isObject(batch)) return fault('batch', batch, 'an object with a count and an index');
  const { count, index } = batch;
  const ofNumbers = countFault('batch.count', count) ?? countFault('batch.index', index);
  if (ofNumbers !== undefined) return ofNumbers;
  return Number(index) < Number(count) ? undefined : fault('batch.index', index, 'less than its count');
}

function notedFault({ number, attributes, note }: Fields): string | undefined {
  if (number !== undefined && countFault('number', number)) return countFault('number', number);
  if (attributes !== undefined && !isObject(attributes)) return fault('attributes', attributes, 'an object');
  return textFault('note', note);
}

function textFault(what: string, value: unknown): string | undefined {
  return value === undefined || typeof value === 'string' ? undefined : fault(what, value, 'a text');
}

function goalFault(goal: unknown): string | undefined {
  if (!isObject(goal)) return fault('goal', goal, 'an object with a direction');
  if (goal.direction !== 'minimize' && goal.direction !== 'maximize')
    return fault('goal.direction', goal.direction, '"minimize" | "maximize"');
  for (const part of ['objectives', 'constraints'])
    if (goal[part] !== undefined && !(Array.isArray(goal[part]) && goal[part].every(isObject)))
      return fault(`goal.${part}`, goal[part], 'a list of objects');
  const { fidelity } = goal;
  if (
    fidelity !== undefined &&
    !(isObject(fidelity) && typeof fidelity.name === 'string' && Number(fidelity.max) > 1)
  )
    return fault('goal.fidelity', fidelity, 'an object with a name and a max from 2');
  return undefined;
}

function spaceFault(space: unknown): string | undefined {
  return space === undefined || isObject(space) ? undefined : fault('space', space, 'an object');
}
