import { memoryStorage, type ObjectiveFunction } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import {
  type Experiment,
  type ExperimentOptions,
  experiment,
  type Method,
  type MethodRun,
  methods,
  type Stage,
} from './experiment.ts';
import { reportOf } from './report.ts';
import { type Settings, space } from './settings.ts';
import { median, summaryOf, summaryText } from './summary.ts';

/** A bowl with its lowest point at learning rate 0.01 and width 64; another by task. */
const bowl =
  (lowest: number): ObjectiveFunction<Settings> =>
  ({ learningRate, width }) => ({
    value: lowest + 0.1 * Math.log10(learningRate / 0.01) ** 2 + 0.1 * Math.log2(width / 64) ** 2,
    metrics: { accuracy: 1 - lowest, f1: 0.5, auc: 0.75, mse: 0.1, seconds: 2, epochs: 3 },
  });

function options(changes: Partial<ExperimentOptions> = {}): ExperimentOptions {
  let ticks = 0;
  return {
    objective: (stage) => bowl(stage.kind === 'earlier' ? 0.1 : 0.2),
    earlier: ['one', 'two'],
    earlierTrials: 4,
    trials: 3,
    repeats: 2,
    seed: 1,
    now: () => 1000 * ticks++,
    ...changes,
  };
}

describe('the experiment', () => {
  it('evaluates each earlier task, and the new one equally often by every method', async () => {
    const seen: string[] = [];
    const name = (s: Stage) => (s.kind === 'earlier' ? s.task : `${s.method} ${s.repeat}`);
    const { earlier, runs } = await experiment(options({ onTrial: (stage) => seen.push(name(stage)) }));
    expect(earlier.map(({ task, trials }) => [task, trials.length])).toEqual([
      ['one', 4],
      ['two', 4],
    ]);
    expect(runs.map(({ method, repeat, trials }) => [method, repeat, trials.length])).toEqual(
      [0, 1].flatMap((repeat) => methods.map((method) => [method, repeat, 3])),
    );
    expect(seen).toHaveLength(2 * 4 + 2 * 3 * 3);
    expect(seen.slice(0, 4)).toEqual(['one', 'one', 'one', 'one']);
  });
  it('is the same for the same seed; repeats and other seeds differ', async () => {
    const random = ({ runs }: { readonly runs: readonly MethodRun[] }) =>
      runs
        .filter(({ method }) => method === 'random')
        .map(({ trials }) => trials.map(({ params }) => params));
    const first = random(await experiment(options()));
    expect(random(await experiment(options()))).toEqual(first);
    expect(first[0]).not.toEqual(first[1]);
    expect(random(await experiment(options({ seed: 2 })))).not.toEqual(first);
  });
  it('stops with the reason of the signal', async () => {
    const stop = new AbortController();
    const running = experiment(
      options({ signal: stop.signal, onTrial: () => stop.abort(new Error('enough')) }),
    );
    await expect(running).rejects.toThrow('enough');
  });
  it.each([2, 7, 8, 13, 21])(
    'stopped at evaluation %i and taken up again has the trials of one that never stopped',
    async (stopAt) => {
      const essence = ({ earlier, runs }: Experiment) =>
        [...earlier, ...runs].map(({ trials }) =>
          trials.map((t) => [t.number, t.params, t.state === 'complete' && t.value]),
        );
      const whole = await experiment(options());
      const storage = memoryStorage();
      const stop = new AbortController();
      let evaluations = 0;
      const objective: ExperimentOptions['objective'] = (stage) => (params, context) => {
        // In the middle of an evaluation, as Ctrl-C comes.
        if (++evaluations === stopAt) stop.abort(new Error('stopped'));
        context.signal.throwIfAborted();
        return bowl(stage.kind === 'earlier' ? 0.1 : 0.2)(params, context);
      };
      await expect(experiment(options({ storage, signal: stop.signal, objective }))).rejects.toThrow(
        'stopped',
      );
      let taken = 0;
      let done = 0;
      const again = await experiment(
        options({
          storage,
          onTaken: (stages) => {
            taken = stages.reduce((sum, { trials }) => sum + trials.length, 0);
          },
          onTrial: () => done++,
        }),
      );
      expect([taken, done]).toEqual([stopAt - 1, 26 - (stopAt - 1)]);
      expect(essence(again)).toEqual(essence(whole));
    },
  );
  it('says how long choosing took, by the clock between two evaluations', async () => {
    // The clock moves a second a look; only a search looks: when it begins, and around each evaluation.
    const { runs } = await experiment(options());
    for (const { trials } of runs)
      for (const t of trials) expect(t.state === 'complete' && t.metrics?.choosing).toBe(1);
  });
  it('says when not a single evaluation of a task completed', async () => {
    const broken = () => () => {
      throw new Error('no images');
    };
    await expect(experiment(options({ objective: broken }))).rejects.toThrow('no images');
  });
});

/** A run with these validation errors, in order. */
function runOf(method: Method, repeat: number, errors: readonly number[]): MethodRun {
  const params = space.decode(new Float64Array(5).fill(0.5));
  const trials = errors.map((value, number) => ({
    ...{ number, params, reports: [], state: 'complete' as const, value },
    metrics: { accuracy: 1 - value, f1: 0.5, auc: 0.75, mse: 0.1, seconds: 2, choosing: 0.5 },
  }));
  return { method, repeat, trials };
}
const told = {
  earlier: [{ task: 'one', trials: runOf('random', 0, [0.3, 0.2]).trials }],
  runs: [
    ...[
      runOf('transfer', 0, [0.2, 0.3, 0.1]),
      runOf('Bayesian', 0, [0.5, 0.4, 0.4]),
      runOf('random', 0, [0.6, 0.3, 0.35]),
    ],
    ...[
      runOf('transfer', 1, [0.4, 0.3, 0.3]),
      runOf('Bayesian', 1, [0.5, 0.5, 0.5]),
      runOf('random', 1, [0.6, 0.4, 0.3]),
    ],
  ],
};

describe('the summary', () => {
  it('has the medians of the best so far, and of the chosen settings', () => {
    const [transfer, plain, random] = summaryOf(told);
    expect(transfer!.errors.map((e) => e.toFixed(3))).toEqual(['0.300', '0.250', '0.200']);
    expect(plain!.errors.map((e) => e.toFixed(3))).toEqual(['0.500', '0.450', '0.450']);
    expect(transfer).toMatchObject({ evaluations: 3, f1: 0.5, trainingSeconds: 6, choosingSeconds: 1.5 });
    expect(transfer!.accuracy).toBeCloseTo(0.8, 12);
    expect([transfer!.needed, plain!.needed, random!.needed]).toEqual([1.5, Infinity, 2.5]);
  });
  it('is a table with a row a method, and a dash for what was not reached', () => {
    const lines = summaryText(summaryOf(told));
    const rows = lines.filter((line) => line.startsWith('plain Bayesian'));
    expect(rows[0]).toMatch(/50\.0 % +45\.0 % +–$/);
    expect(rows[1]).toMatch(/55\.0 % +0\.5000 +0\.7500 +0\.1000 +3 +6\.0 s +1\.5 s$/);
  });
  it('goes into a report with charts, tables and the earlier tasks', async () => {
    const page = await reportOf(told, { summary: summaryOf(told), sizes: ['tiny <b>sizes</b>'] });
    for (const text of ['plain Bayesian', 'random search', 'AUC-ROC', 'Earlier task: one', 'not reached'])
      expect(page).toContain(text);
    expect(page).toContain('tiny &lt;b&gt;sizes');
    expect(page.match(/<svg/g)).toHaveLength(3);
  });
  it('knows the median of an even number, of one, of infinities and of none', () => {
    expect([median([3, 1, 2, 10]), median([4]), median([Infinity, Infinity]), median([])]).toEqual([
      2.5,
      4,
      Infinity,
      Number.NaN,
    ]);
  });
});
