/** One run of a method. */
export interface ColumnsRun {
  readonly problem: string;
  readonly seed: number;
  readonly method: string;
  /** In the order of their trials, to be minimized. */
  readonly values: readonly number[];
  /** In the sampler. */
  readonly seconds: number;
}

/** Best values below this count as this. */
const floor = 1e-6;

/** Of each method: mean rank, overall and by number of columns; mean log10 of the best value; its difference to the first method; seconds. */
export function columnsSummary(runs: readonly ColumnsRun[], methods: readonly string[]) {
  const scored = runs.map(({ values, ...run }) => ({
    ...run,
    log: Math.log10(Math.max(Math.min(...values), floor)),
  }));
  const problems = [...new Set(scored.map(({ problem }) => problem))];
  const meanLog = (method: string, problem: string) =>
    mean(scored.filter((run) => run.method === method && run.problem === problem).map(({ log }) => log));
  const rank = ({ log, problem, seed }: (typeof scored)[number]) => {
    const others = scored.filter((run) => run.problem === problem && run.seed === seed);
    const better = others.filter((run) => run.log < log).length;
    return better + (others.filter((run) => run.log === log).length + 1) / 2;
  };
  const byProblem = (method: string) =>
    problems.map((problem) =>
      mean(scored.filter((r) => r.method === method && r.problem === problem).map(rank)),
    );
  return {
    overall: Object.fromEntries(
      methods.map((method) => {
        const ranks = byProblem(method);
        const differences = problems.map(
          (problem) => meanLog(method, problem) - meanLog(methods[0]!, problem),
        );
        return [
          method,
          {
            meanRank: mean(ranks),
            rankError: standardError(ranks),
            logGap: mean(problems.map((problem) => meanLog(method, problem))),
            difference: mean(differences),
            differenceError: standardError(differences),
            secondsPerRun: mean(scored.filter((run) => run.method === method).map(({ seconds }) => seconds)),
          },
        ];
      }),
    ),
    logGapByProblem: Object.fromEntries(
      problems.map((problem) => [
        problem,
        Object.fromEntries(methods.map((method) => [method, meanLog(method, problem)])),
      ]),
    ),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Of the mean of independent values. */
function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, v) => sum + (v - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
