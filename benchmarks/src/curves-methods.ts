/** Who decides what to train: random search, full trainings, ASHA, Hyperband with TPE, two of ours with cheaper trainings. */
import { type Params, type Sampler, type SearchSpace, seeded, type Trial } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { spaceOf } from '@foothold/space';
import { autoSampler, freezeThawSampler, multiFidelity, random, tpe } from 'foothold';
import { budget, epochs, type Trainer } from './curves-problem.ts';
import { lcbenchSpace } from './lcbench.ts';

interface Run {
  readonly trainer: Trainer;
  readonly seed: number;
}
export type CurveMethod = (run: Run) => Promise<void>;

const space = lcbenchSpace() as unknown as SearchSpace;
/** Amounts of training of ASHA and Hyperband: a third of the next, as in their papers. */
const rungs = [2, 6, 17, epochs] as const;
const reduction = 3;

export const curveMethods: Readonly<Record<string, CurveMethod>> = {
  'random, full': full(random()),
  'default, full': full(autoSampler()),
  asha,
  'hyperband with tpe': hyperbandWithTpe,
  'multi-fidelity 5, 15, 52': severalFidelities,
  'freeze-thaw': (run) => freezeThawRun(run, true),
  'freeze-thaw without checkpoints': (run) => freezeThawRun(run, false),
};

/** Every configuration is trained to the end. */
function full(sampler: Sampler): CurveMethod {
  return async ({ trainer, seed }) => {
    const propose = proposer(sampler, seed);
    const trials: Trial[] = [];
    while (trainer.remaining() > 0) {
      const proposal = await propose(space, trials);
      const values = await trainer.train(proposal.params, 0, epochs);
      trials.push(ended(trials.length, proposal, values.at(-1)!));
    }
  };
}

function proposer(sampler: Sampler, seed: number) {
  const rng = seeded(seed);
  return async (of: SearchSpace, trials: readonly Trial[]) => {
    const [proposal] = await sampler.sample({
      ...{ space: of, direction: 'minimize', trials, count: 1, rng: rng.fork(trials.length) },
    });
    return proposal!;
  };
}

type Proposal = Awaited<ReturnType<ReturnType<typeof proposer>>>;

function ended(number: number, { params, samplerState }: Proposal, value: number): Trial {
  return { number, params, reports: [], ...(samplerState && { samplerState }), state: 'complete', value };
}

/** Asynchronous successive halving by promotion (Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning", algorithm 2). */
async function asha({ trainer, seed }: Run): Promise<void> {
  const propose = proposer(random(), seed);
  const trials: Trial[] = [];
  const at = rungs.map(() => new Map<string, { readonly params: Params; readonly value: number }>());
  const train = async (params: Params, rung: number) => {
    const values = await trainer.train(params, rung === 0 ? 0 : rungs[rung - 1]!, rungs[rung]!);
    at[rung]!.set(JSON.stringify(params), { params, value: values.at(-1) ?? Infinity });
  };
  while (trainer.remaining() > 0) {
    let promoted = false;
    for (let rung = rungs.length - 2; rung >= 0 && !promoted; rung--) {
      const order = [...at[rung]!].sort(([, a], [, b]) => a.value - b.value);
      const next = order
        .slice(0, Math.floor(order.length / reduction))
        .find(([key]) => !at[rung + 1]!.has(key));
      if (!next) continue;
      await train(next[1].params, rung + 1);
      promoted = true;
    }
    if (promoted) continue;
    const proposal = await propose(space, trials);
    trials.push(ended(trials.length, proposal, 0));
    await train(proposal.params, 0);
  }
}

/**
 * Hyperband's brackets, with configurations from a density estimate at the largest amount of training that has enough values,
 * a third of them random (Falkner, Klein, Hutter 2018, "BOHB", algorithm 2). A promoted configuration goes on where it paused.
 */
async function hyperbandWithTpe({ trainer, seed }: Run): Promise<void> {
  const rng = seeded(`brackets ${seed}`);
  const sampler = tpe({ initialTrials: 1 });
  const byRung = rungs.map(() => [] as Trial[]);
  const enough = space.columns.length + 2;
  let count = 0;
  const propose = async () => {
    const known = byRung.findLast((trials) => trials.length >= enough);
    const isRandom = !known || rng.next() < 1 / 3;
    const [proposal] = await (isRandom ? random() : sampler).sample({
      ...{ space, direction: 'minimize', trials: known ?? [], count: 1, rng: rng.fork(count++) },
    });
    return proposal!.params;
  };
  for (let bracket = 0; trainer.remaining() > 0; bracket++) {
    const first = bracket % rungs.length;
    const last = rungs.length - 1;
    const size = Math.ceil((rungs.length / (last - first + 1)) * reduction ** (last - first));
    let alive: { readonly params: Params; readonly value: number }[] = [];
    for (let k = 0; k < size; k++) alive.push({ params: await propose(), value: 0 });
    for (let rung = first; rung <= last && trainer.remaining() > 0; rung++) {
      const trained: typeof alive = [];
      for (const { params } of alive) {
        const values = await trainer.train(params, rung === first ? 0 : rungs[rung - 1]!, rungs[rung]!);
        if (values.length === 0) return;
        const value = values.at(-1)!;
        trained.push({ params, value });
        byRung[rung]!.push(ended(byRung[rung]!.length, { params }, value));
      }
      alive = trained.sort((a, b) => a.value - b.value).slice(0, Math.floor(trained.length / reduction));
    }
  }
}

/** Trials at three amounts of training, each from its beginning. */
async function severalFidelities({ trainer, seed }: Run): Promise<void> {
  await multiFidelity<Params>({
    ...{ space, seed, budget, linalg: await wasm() },
    fidelities: [5, 15, epochs].map((fidelity) => ({ fidelity })),
    evaluate: async (params, { fidelity }) => (await trainer.train(params, 0, fidelity)).at(-1)!,
  });
}

async function freezeThawRun({ trainer, seed }: Run, continues: boolean): Promise<void> {
  const of = spaceOf({ ...space.description, epochs: { type: 'int', low: 1, high: epochs } }) as SearchSpace;
  const propose = proposer(freezeThawSampler({ fidelity: { name: 'epochs', max: epochs }, continues }), seed);
  const reached = new Map<string, number>();
  const trials: Trial[] = [];
  while (trainer.remaining() > 0) {
    const proposal = await propose(of, trials);
    const { epochs: to, ...params } = proposal.params;
    const key = JSON.stringify(params);
    const from = continues ? (reached.get(key) ?? 0) : 0;
    const values = await trainer.train(params, from, Number(to));
    if (values.length === 0) throw new Error(`nothing to train from ${from} to ${to}`);
    if (from + values.length < Number(to)) return;
    reached.set(key, Number(to));
    const reports = values.map((value, i) => ({ step: from + i + 1, value }));
    trials.push({ ...ended(trials.length, proposal, values.at(-1)!), reports });
  }
}
