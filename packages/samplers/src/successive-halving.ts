/**
 * Asynchronous successive halving over pieces of training (Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning",
 * algorithm 2), with the choice of observations of BOHB (Falkner, Klein, Hutter 2018, "BOHB: Robust and Efficient Hyperparameter
 * Optimization at Scale", §4.1) for a sampler that looks at them.
 */
import {
  hasValues,
  InvalidArgumentError,
  type Params,
  type Proposal,
  rankedTrials,
  runningTrials,
  type SampleRequest,
  type Sampler,
  SpaceExhaustedError,
  type TrainingFidelity,
  type Trial,
  UnsupportedError,
} from '@foothold/core';
import { describedSampler } from './described-sampler.ts';
import { keyOf } from './freeze-thaw/configurations.ts';
import { positiveWhole } from './positive-whole.ts';
import { random } from './random.ts';

export interface SuccessiveHalvingOptions {
  readonly fidelity: Pick<TrainingFidelity, 'name' | 'max'>;
  /** Proposes new configurations. Default: `random()`. */
  readonly sampler?: Sampler | undefined;
  /** η: the best 1/η of a rung are trained η times as far. A whole number from 2. Default: 3, as in the paper. */
  readonly reductionFactor?: number | undefined;
  /** Fidelity of the first rung at least. A whole number from 1. Default: 1. */
  readonly minFidelity?: number | undefined;
}

/**
 * Proposes pieces of training: the best third of the configurations that were trained up to a rung is trained up to the next one, three
 * times as far, and where there is none to go on with a new configuration begins. Rungs are max, max/3, max/9, …, rounded down.
 *
 * `sampler` chooses new configurations. It sees each configuration once, at the first rung, or at the fidelity that the request fixes where it has come so far; with the value of the highest rung that has
 * more complete trials than the space has columns, and without one where the configuration did not reach it. A configuration whose piece failed is not trained any
 * further. Where the space has no other configuration, the best paused one goes on, and where there is none and points may be repeated,
 * a configuration begins once more.
 *
 * Throws SpaceExhaustedError when every configuration of a finite space is fully trained or trains now and none may be repeated, as
 * in a study whose pieces of training continue; and at once InvalidArgumentError for options that cannot be, UnsupportedError for a sampler that cannot keep values fixed.
 */
export function successiveHalving(options: SuccessiveHalvingOptions): Sampler {
  const { fidelity, sampler = random(), reductionFactor = 3, minFidelity = 1 } = options;
  const { name, max } = fidelity;
  const rungs = rungsOf({ max, reductionFactor, minFidelity });
  if (!sampler.supports?.includes('fixed'))
    throw new UnsupportedError('fixed', sampler.name ?? 'the sampler');
  const { supports, check } = sampler;
  return {
    name: 'successive-halving',
    options: {
      fidelity: { name, max },
      reductionFactor,
      minFidelity,
      sampler: describedSampler(sampler),
    },
    supports,
    ...(check && { check }),
    async sample<P extends Params>(request: SampleRequest<P>) {
      const made: Proposal<P>[] = [];
      for (let k = 0; k < request.count; k++) {
        const trials = [...request.trials, ...runningTrials(made, request.trials)];
        const now = { ...request, trials, count: 1, rng: request.rng.fork(`piece ${k}`) };
        made.push(await nextPiece(now, { name, rungs, reductionFactor, sampler }));
      }
      return made;
    },
  };
}

/** The fidelities of the rungs, rising up to `max`. */
function rungsOf(of: {
  readonly max: number;
  readonly reductionFactor: number;
  readonly minFidelity: number;
}) {
  const { max, reductionFactor, minFidelity } = of;
  positiveWhole('minFidelity', minFidelity);
  if (!(Number.isSafeInteger(reductionFactor) && reductionFactor >= 2))
    throw new InvalidArgumentError('reductionFactor', reductionFactor, 'a whole number from 2');
  if (!(Number.isSafeInteger(max) && max >= 2 && max >= minFidelity))
    throw new InvalidArgumentError('fidelity.max', max, `a whole number from ${Math.max(2, minFidelity)}`);
  const rungs = [max];
  for (;;) {
    const next = Math.floor(rungs[0]! / reductionFactor);
    if (next < minFidelity) return rungs;
    rungs.unshift(next);
  }
}

interface Halving {
  readonly name: string;
  readonly rungs: readonly number[];
  readonly reductionFactor: number;
  readonly sampler: Sampler;
}

/** A configuration with its trials by fidelity. */
interface Trained<P extends Params> {
  readonly pieces: Trial<P>[];
  /** The largest fidelity of any of its trials, whatever became of it; Infinity where one runs: nothing else may train it meanwhile. */
  furthest: number;
}

async function nextPiece<P extends Params>(
  request: SampleRequest<P>,
  halving: Halving,
): Promise<Proposal<P>> {
  const { name } = halving;
  const all = configurationsOf(request.trials, name);
  const isFree = request.fixed === undefined || !Object.hasOwn(request.fixed, name);
  const own = isFree ? all.filter(({ pieces }) => hasValues(pieces[0]!.params, request.fixed)) : [];
  const promoted = promotion(own, request, halving);
  if (promoted) return promoted;
  try {
    return await newConfiguration(all, request, halving);
  } catch (error) {
    if (!(error instanceof SpaceExhaustedError)) throw error;
    const paused = bestPaused(own, request, halving);
    if (!paused) return repeatedConfiguration(all, request, { halving, exhausted: error });
    return pieceTo(paused.best, paused.to, { name, why: 'no other configuration is left' });
  }
}

/**
 * A configuration that begins once more, where points may be repeated: one that does not run now, if there is one. Throws `exhausted` where
 * none may, as in a study whose pieces of training go on from each other.
 */
async function repeatedConfiguration<P extends Params>(
  all: readonly Trained<P>[],
  request: SampleRequest<P>,
  { halving, exhausted }: { readonly halving: Halving; readonly exhausted: SpaceExhaustedError },
): Promise<Proposal<P>> {
  const { fidelity, repeat } = request;
  if (!repeat || (fidelity && fidelity.continues !== false)) throw exhausted;
  const running = all.filter(({ furthest }) => furthest === Infinity);
  const isRunning = ({ params }: Proposal<P>) => {
    const key = keyOf(params, halving.name);
    return running.some(({ pieces }) => keyOf(pieces[0]!.params, halving.name) === key);
  };
  const proposal = await newConfiguration(all, request, { ...halving, repeat: true });
  if (!isRunning(proposal)) return proposal;
  try {
    // Without the others, which are taken too where points are not repeated.
    return await newConfiguration(running, request, halving);
  } catch (error) {
    if (!(error instanceof SpaceExhaustedError) || fidelity) throw error;
    return proposal;
  }
}

/** The best configuration that is among the first 1/η of its rung and was not trained any further, from the highest rung down. */
function promotion<P extends Params>(
  all: readonly Trained<P>[],
  request: SampleRequest<P>,
  { name, rungs, reductionFactor }: Halving,
): Proposal<P> | undefined {
  const furthest = new Map(all.flatMap(({ pieces, furthest: most }) => pieces.map((trial) => [trial, most])));
  for (let k = rungs.length - 2; k >= 0; k--) {
    const rung = rungs[k]!;
    const ranked = rankedAt(all, rung, { request, name });
    const top = ranked.slice(0, Math.floor(ranked.length / reductionFactor));
    const best = top.find((trial) => furthest.get(trial)! <= rung);
    if (best) return pieceTo(best, rungs[k + 1]!, { name, why: `among the first of ${name} ${rung}` });
  }
  return undefined;
}

/** The complete trials at a rung, best first, those that break limits last. */
function rankedAt<P extends Params>(
  all: readonly Trained<P>[],
  rung: number,
  { request, name }: { readonly request: SampleRequest<P>; readonly name: string },
): readonly Trial<P>[] {
  const at = all.flatMap(({ pieces }) => pieces.find((trial) => isAt(trial, rung, name)) ?? []);
  return rankedTrials(at, request).map(({ trial }) => trial);
}

/** The sampler's choice, at the first rung: none that is known already, unless it may repeat one. */
async function newConfiguration<P extends Params>(
  all: readonly Trained<P>[],
  request: SampleRequest<P>,
  { name, rungs, sampler, repeat = false }: Halving & { readonly repeat?: boolean },
): Promise<Proposal<P>> {
  const informative = [...rungs]
    .reverse()
    .find((rung) => rankedAt(all, rung, { request, name }).length > request.space.columns.length);
  // Where the fidelity is given, what has not reached it may go on to it.
  const given = request.fixed?.[name];
  const trials = all.map(({ pieces, furthest }): Trial<P> => {
    const level = given !== undefined && furthest >= Number(given) ? given : rungs[0]!;
    const at = (trial: Trial<P>) => ({ ...trial, params: { ...trial.params, [name]: level } });
    const last = pieces.at(-1)!;
    if (last.state === 'running' || last.state === 'failed') return at(last);
    const found = pieces.find((trial) => isAt(trial, informative ?? rungs[0]!, name));
    return found ? at(found) : { ...withoutOutcome(at(last)), state: 'pruned' };
  });
  const fixed = { [name]: rungs[0]!, ...request.fixed } as Partial<P>;
  const [proposal] = await sampler.sample({ ...request, repeat, trials, fixed });
  if (!proposal) throw new UnsupportedError('a proposal for this problem', sampler.name ?? 'the sampler');
  return {
    ...proposal,
    why: { ...proposal.why, piece: repeat ? 'a configuration once more' : 'a new configuration' },
  };
}

/** The best of the configurations that may go on, and the rung that it goes on to: those that have reached the highest first. */
function bestPaused<P extends Params>(
  all: readonly Trained<P>[],
  request: SampleRequest<P>,
  { name, rungs }: Halving,
): { readonly best: Trial<P>; readonly to: number } | undefined {
  for (const [k, to] of [...rungs.entries()].reverse()) {
    // At the rung before this one, or between the two.
    const paused = all.filter(({ furthest }) => furthest < to && furthest >= (rungs[k - 1] ?? 0));
    const at = paused.flatMap(
      ({ pieces, furthest }) => pieces.find((trial) => isAt(trial, furthest, name)) ?? [],
    );
    const [first] = rankedTrials(at, request);
    if (first) return { best: first.trial, to };
  }
  return undefined;
}

function configurationsOf<P extends Params>(trials: readonly Trial<P>[], name: string): Trained<P>[] {
  const found = new Map<string, Trained<P>>();
  for (const trial of trials) {
    const key = keyOf(trial.params, name);
    const known = found.get(key) ?? { pieces: [], furthest: 0 };
    known.pieces.push(trial);
    known.furthest = Math.max(
      known.furthest,
      trial.state === 'running' ? Infinity : Number(trial.params[name]),
    );
    found.set(key, known);
  }
  return [...found.values()];
}

function pieceTo<P extends Params>(
  { params }: Trial<P>,
  to: number,
  { name, why }: { readonly name: string; readonly why: string },
): Proposal<P> {
  return { params: { ...params, [name]: to }, why: { stage: 'successive-halving', piece: why } };
}

function isAt(trial: Trial, fidelity: number, name: string): boolean {
  return trial.state === 'complete' && trial.params[name] === fidelity;
}

function withoutOutcome<P extends Params>({ number, params, reports }: Trial<P>) {
  return { number, params, reports };
}
