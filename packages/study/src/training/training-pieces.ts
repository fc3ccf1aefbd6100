/** Studies whose trials are pieces of training: what each configuration has reached, as the trials alone say it. */
import type {
  DeletedTrial,
  Params,
  SearchSpace,
  TrainingFidelity,
  TrainingPiece,
  Trial,
} from '@foothold/core';
import { canonical } from '../log/canonical.ts';
import type { LiveState } from '../state/study-state.ts';

/** Parameters with all pieces in which they were trained. */
export interface TrainedConfiguration<P extends Params = Params> {
  /** Number of its first trial, deleted ones included: its checkpoints are kept by it. */
  readonly number: number;
  /** Without the fidelity. */
  readonly params: Params;
  /** The largest fidelity up to which a complete piece trained it; 0 for none. Loaded trials left no checkpoint here and do not count. */
  readonly reached: number;
  /** In order of their numbers. */
  readonly pieces: readonly Trial<P>[];
}

type Deleted = Iterable<Pick<DeletedTrial, 'number' | 'params'>>;

/** The configurations of these trials in the order of the first of them. `deleted`: the study's deleted trials, where numbers matter. */
export function piecesOf<P extends Params>(
  trials: readonly Trial<P>[],
  { name }: Pick<TrainingFidelity, 'name'>,
  deleted: Deleted = [],
): readonly TrainedConfiguration<P>[] {
  const found = new Map<string, Trial<P>[]>();
  for (const trial of trials) {
    const text = canonical(withoutFidelity(trial.params, name));
    const pieces = found.get(text);
    if (pieces) pieces.push(trial);
    else found.set(text, [trial]);
  }
  return [...found.values()].map((pieces) => ({
    number: firstNumber(pieces[0]!, deleted, name),
    params: withoutFidelity(pieces[0]!.params, name),
    reached: reachedBy(pieces, name),
    pieces,
  }));
}

/** The smallest number of any trial of a configuration, given the first of those that are not deleted. */
function firstNumber(
  { number, params }: Pick<Trial, 'number' | 'params'>,
  deleted: Deleted,
  name: string,
): number {
  let first = number;
  for (const trial of deleted)
    if (trial.number < first && isSameConfiguration(trial.params, params, name)) first = trial.number;
  return first;
}

/** The piece that a trial with these parameters is, given all trials of its study. */
function pieceOf(
  { trials, deleted = [] }: { readonly trials: readonly Trial[]; readonly deleted?: Deleted },
  { params, number }: Pick<Trial, 'params' | 'number'>,
  { name, continues = true }: TrainingFidelity,
): TrainingPiece {
  const own = trials.filter((trial) => isSameConfiguration(trial.params, params, name));
  return {
    configuration: firstNumber(own[0] ?? { params, number }, deleted, name),
    from: continues ? reachedBy(own, name) : 0,
    to: Number(params[name]),
  };
}

/** Why no piece with these parameters may begin; undefined where it may. `running`: it may later. */
export function pieceRefusal(
  trials: readonly Trial[],
  params: Params,
  fidelity: TrainingFidelity,
): { readonly kind: 'running' | 'reached'; readonly text: string } | undefined {
  const { name } = fidelity;
  const running = trials.find(
    (trial) => trial.state === 'running' && isSameConfiguration(trial.params, params, name),
  );
  if (running) return { kind: 'running', text: `trial ${running.number} trains this configuration now` };
  const { configuration, from, to } = pieceOf({ trials }, { params, number: -1 }, fidelity);
  if (to > from) return undefined;
  return { kind: 'reached', text: `configuration ${configuration} has reached ${name} ${from} already` };
}

/**
 * A trial or an entry of the queue that trains the configuration of these parameters so far or further; undefined where there is none, for
 * parameters that are not whole, and where training does not continue.
 */
export function trainedAsFar<T extends { readonly params: Partial<Params> }>(
  among: readonly T[],
  params: Partial<Params>,
  { name, continues = true }: TrainingFidelity,
): T | undefined {
  const to = params[name];
  if (!continues || to === undefined) return undefined;
  return among.find(
    ({ params: of }) =>
      Number(of[name]) >= Number(to) && isSameConfiguration(of as Params, params as Params, name),
  );
}

/** Coordinates of a continuous column closer than this are one: decoding and encoding again may change the last bits. */
const resolution = 2 ** -40;

/**
 * The parameters, or where a configuration among the trials is theirs up to rounding, its own to the last bit: a sampler that proposes
 * points goes on with the configuration that it means.
 */
export function asKnownConfiguration<P extends Params>(
  params: P,
  {
    space,
    trials,
    fidelity: { name },
  }: {
    readonly space: Pick<SearchSpace<P>, 'columns' | 'encode'>;
    readonly trials: readonly Trial<P>[];
    readonly fidelity: Pick<TrainingFidelity, 'name'>;
  },
): P {
  if (trials.some((trial) => isSameConfiguration(trial.params, params, name))) return params;
  const at = space.columns.findIndex((column) => column.name === name);
  const point = space.encode(params);
  // Levels have no rounding, and of a range of whole numbers that is wide enough the neighbours are closer than that.
  const isSame = (u: number, j: number) =>
    j === at ||
    (space.columns[j]!.kind === 'continuous' ? Math.abs(u - point[j]!) <= resolution : u === point[j]);
  const same = trials.find((trial) => space.encode(trial.params).every(isSame));
  return same ? { ...same.params, [name]: params[name]! } : params;
}

/** The piece of a running trial; undefined where the study has no fidelity. Made again only where a trial has ended or was deleted since. */
export function runningPiece<P extends Params>(
  state: LiveState<P>,
  trial: Trial<P>,
): TrainingPiece | undefined {
  const fidelity = state.goal?.fidelity;
  if (!fidelity) return undefined;
  const known = runningPieces.get(state) ?? new Map<number, KnownPiece>();
  runningPieces.set(state, known);
  const found = known.get(trial.number);
  const changes = state.deletions + state.endings.length;
  if (found?.changes === changes) return found.piece;
  const { trials, deleted } = state;
  const piece = pieceOf({ trials, deleted: deleted.values() }, trial, fidelity);
  known.set(trial.number, { piece, changes });
  return piece;
}

interface KnownPiece {
  readonly piece: TrainingPiece;
  /** How many trials had ended, and how many were deleted or restored. Both only grow. */
  readonly changes: number;
}

const runningPieces = new WeakMap<object, Map<number, KnownPiece>>();

function reachedBy(pieces: readonly Trial[], name: string): number {
  return pieces.reduce(
    (most, { state, loaded, params }) =>
      state === 'complete' && !loaded ? Math.max(most, Number(params[name])) : most,
    0,
  );
}

function withoutFidelity(params: Params, name: string): Params {
  const { [name]: _, ...configuration } = params;
  return configuration;
}

function isSameConfiguration(a: Params, b: Params, name: string): boolean {
  const names = Object.keys(a).filter((key) => key !== name);
  const others = Object.keys(b).length - (Object.hasOwn(b, name) ? 1 : 0);
  return names.length === others && names.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}
