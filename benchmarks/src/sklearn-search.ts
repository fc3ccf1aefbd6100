import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment, pythonMissing, pythonVariables } from '../../tests/python/python-environment.ts';
import type { BenchOptions } from './bench-options.ts';

interface SearchRow {
  readonly task: string;
  readonly search: string;
  readonly seed: number;
  readonly fits: number;
  readonly score: number;
  readonly searchScore: number;
  readonly seconds: number;
}

const ours = 'FootholdSearchCV';
const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** `FootholdSearchCV` beside the random searches of scikit-learn, at the same number of fits, on data sets that scikit-learn has in it. */
export async function sklearnSearch({
  quick,
  seeds = quick ? 2 : 10,
  emit,
  words,
}: BenchOptions): Promise<void> {
  const missing = await pythonMissing();
  if (missing !== undefined) throw new Error(`the benchmark needs Python: ${missing}`);
  const environment = await pythonEnvironment('sklearn');
  const tasks = words.length > 0 ? words : ['breast cancer', 'digits', 'diabetes'];
  const script = fileURLToPath(new URL('./sklearn-search.py', import.meta.url));
  const child = spawn(environment.python, [script, `${seeds}`, ...tasks], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...pythonVariables(environment), OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  const ended = once(child, 'close');
  const rows: SearchRow[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const row = JSON.parse(line) as SearchRow;
    rows.push(row);
    emit({ ...row });
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  emit({ bench: 'sklearn-search', summary: { seeds, tasks: tasks.map((task) => summaryOf(task, rows)) } });
}

/** Mean scores of a task, and how often ours is better than each other search with the same seed. */
function summaryOf(task: string, rows: readonly SearchRow[]) {
  const of = (search: string) => rows.filter((row) => row.task === task && row.search === search);
  const own = of(ours);
  const names = [...new Set(rows.map(({ search }) => search))];
  return {
    task,
    searches: names.map((search) => {
      const theirs = of(search);
      const better = own.filter((row, i) => row.score > theirs[i]!.score).length;
      return {
        search,
        fits: meanOf(theirs.map(({ fits }) => fits)),
        score: meanOf(theirs.map(({ score }) => score)),
        searchScore: meanOf(theirs.map(({ searchScore }) => searchScore)),
        seconds: meanOf(theirs.map(({ seconds }) => seconds)),
        ...(search !== ours && { oursBetter: `${better} of ${own.length}` }),
      };
    }),
  };
}
