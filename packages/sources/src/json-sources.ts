import { InvalidArgumentError, type Params } from '@foothold/core';
import { type PastTrial, pastTrials, studySource, type TransferSource } from '@foothold/study';
import { isNotFinite, lenientJson } from './lenient-json.ts';
import { type Notes, notes } from './notes.ts';
import { stateOf } from './state-of.ts';
import { isStudyJson, studyOfJson } from './study-json.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Members of a trial that say something here, and those that a study of ours keeps beside them. */
const ofTrial = new Set([
  'params',
  'value',
  'state',
  'reason',
  'standardError',
  'number',
  'reports',
  'why',
  'loaded',
]);
const ofSource = new Set(['trials', 'name', 'direction', 'metaFeatures', 'weight']);

/**
 * Sources in a JSON text: a list of trials, an object with `trials`, or either one a line. Throws
 * InvalidArgumentError that names the line or the trial.
 */
export function sourcesOfJson(
  text: string,
  { location, name }: { readonly location: string; readonly name: string },
): readonly TransferSource[] {
  const { documents, isTorn } = jsonDocuments(text, location);
  const torn = isTorn ? ['the last line is not finished'] : [];
  const trialsOf = (trials: readonly Document[]): TransferSource => {
    const remarks = notes();
    const past = trials.map((trial) => pastTrial(trial, remarks));
    const unused = [...torn, ...remarks.lines(past.length)];
    return { name, trials: past, ...(unused.length > 0 && { unused }) };
  };
  const first = documents[0]?.value;
  if (documents.length === 1 && isStudyJson(first)) {
    const { name: own, study } = studyOfJson(first, location);
    return [studySource(pastTrials(study.trials, study.edits), { name: own, goal: study.goal })];
  }
  if (documents.length === 1 && Array.isArray(first)) return [trialsOf(inList(first, location))];
  if (documents.every(({ value }) => isRecord(value) && Array.isArray(value['trials'])))
    return documents.map(({ value, location: at }, i) => {
      const source = value as Fields;
      const { trials, unused = [] } = trialsOf(inList(source['trials'] as readonly unknown[], at));
      const others = Object.keys(source).filter((member) => !ofSource.has(member));
      const left = others.length > 0 ? [`members that are not used: ${others.join(', ')}`] : [];
      const all = [...left, ...unused];
      return {
        name: documents.length > 1 ? `${name} ${i + 1}` : name,
        ...aboutSource(source, at),
        trials,
        ...(all.length > 0 && { unused: all }),
      };
    });
  return [trialsOf(documents)];
}

/** True where this line, the first of a file, is a record of a study's log. Later ones may be half written. */
export function isStudyLog(line: string): boolean {
  try {
    const first: unknown = JSON.parse(line);
    return isRecord(first) && Array.isArray(first['events']);
  } catch {
    return false;
  }
}

interface Document {
  readonly value: unknown;
  /** Where it stands, for messages. */
  readonly location: string;
}

function inList(list: readonly unknown[], location: string): readonly Document[] {
  return list.map((value, i) => ({ value, location: `trial ${i} of ${location}` }));
}

/** The JSON documents of a text: one, or one a line. A last line without its end is passed over: it is being written. */
function jsonDocuments(
  text: string,
  location: string,
): { readonly documents: readonly Document[]; readonly isTorn: boolean } {
  const lines = text.split('\n');
  if (lines.filter((line) => line.trim() !== '').length > 1) {
    try {
      return { documents: [{ value: lenientJson(text), location }], isTorn: false };
    } catch {
      // A document a line, or none: errors name the line.
    }
  }
  const documents: Document[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      documents.push({
        value: lenientJson(line),
        location: lines.length === 1 ? location : `line ${i + 1} of ${location}`,
      });
    } catch (error) {
      if (i > 0 && i === lines.length - 1 && documents.length > 0) return { documents, isTorn: true };
      throw new InvalidArgumentError(
        `line ${i + 1} of ${location}`,
        line,
        `JSON (${(error as Error).message})`,
      );
    }
  }
  return { documents, isTorn: false };
}

function aboutSource(source: Fields, location: string): Omit<TransferSource, 'trials'> {
  const { name, direction, metaFeatures, weight } = source;
  const refuse = (member: string, allowed: string) =>
    new InvalidArgumentError(`${member} in ${location}`, source[member], allowed);
  if (name !== undefined && typeof name !== 'string') throw refuse('name', 'a text');
  if (direction !== undefined && direction !== 'minimize' && direction !== 'maximize')
    throw refuse('direction', 'minimize or maximize');
  if (weight !== undefined && !(typeof weight === 'number' && weight >= 0 && weight <= 1))
    throw refuse('weight', 'a number from 0 to 1');
  if (metaFeatures !== undefined && !(Array.isArray(metaFeatures) && metaFeatures.every(Number.isFinite)))
    throw refuse('metaFeatures', 'a list of numbers');
  return {
    ...(name === undefined ? {} : { name }),
    ...(direction === undefined ? {} : { direction }),
    ...(metaFeatures === undefined ? {} : { metaFeatures: metaFeatures as readonly number[] }),
    ...(weight === undefined ? {} : { weight: weight as number }),
  };
}

function pastTrial({ value: raw, location }: Document, remarks: Notes): PastTrial<Params> {
  const fault = (what: string) => new InvalidArgumentError(location, raw, what);
  if (!isRecord(raw) || !isRecord(raw['params'])) throw fault('an object with params and value');
  for (const member of Object.keys(raw)) if (!ofTrial.has(member)) remarks.add(`member ${member}: not used`);
  const params = paramsOf(raw['params'], remarks);
  const { reason, value, standardError } = raw;
  const state = stateOf(raw['state'], `state in ${location}`);
  if (state === 'failed')
    return { params, state, reason: typeof reason === 'string' ? reason : 'failed before' };
  if (state === 'pruned' || state === 'running') return { params, state };
  if (value === null) return { params, state: 'running' };
  if (isNotFinite(value)) return { params, state: 'failed', reason: `its value was ${value}` };
  if (typeof value !== 'number') throw fault('an object with a finite value, or a state of failed');
  if (standardError === undefined || standardError === null) return { params, value };
  if (!Number.isFinite(standardError) || Number(standardError) < 0)
    throw new InvalidArgumentError(`standardError in ${location}`, standardError, 'a number from 0');
  return { params, value, standardError: Number(standardError) };
}

/** What a parameter can be of it: absent for NaN, a text for whatever else JSON holds. */
function paramsOf(raw: Fields, remarks: Notes): Params {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) => {
      if (typeof value === 'number' && !Number.isFinite(value)) {
        remarks.add(`${name}: left out where it is not finite`);
        return [];
      }
      const isPlain = value === null || ['number', 'string', 'boolean'].includes(typeof value);
      return [[name, isPlain ? (value as Params[string]) : JSON.stringify(value)]];
    }),
  );
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
