/** `pnpm demo [NAME] [--list] [--backend NAME] [--seed N] [--trials N] [--digits N] [--report FILE] [--keep-studies FOLDER]` */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OptimizationError } from 'foothold';
import { backendNamed, backendNames } from './backend-named.ts';
import { braninDemo } from './branin-demo.ts';
import { checkpointsDemo } from './checkpoints-demo.ts';
import type { Demo } from './demo.ts';
import { digitsDemo } from './digits-demo.ts';
import { screenOn } from './screen.ts';
import { largeNetwork, maxDigits, usualTrials } from './tuning.ts';

const demos = [digitsDemo, braninDemo, checkpointsDemo];
const list = demos.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n');
const usage = `usage: pnpm demo [NAME] [options]

${list}

  --list            the demos
  --backend <name>  compute backend: ${backendNames.join(', ')} (default wasm)
  --seed <n>        seed of every random choice (default 0)
  --trials <n>      full trainings of each search, for digits (default ${usualTrials})
  --digits <n>      images that its network learns from, 40 to ${maxDigits} (default ${largeNetwork.digits})
  --report <file>   where the HTML report goes (default report.html)
  --keep-studies <folder>  where the studies of digits go when they are finished, in place
                    of what is there (default: they are removed)`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      backend: { type: 'string', default: 'wasm' },
      seed: { type: 'string', default: '0' },
      trials: { type: 'string' },
      digits: { type: 'string' },
      report: { type: 'string', default: 'report.html' },
      'keep-studies': { type: 'string' },
    },
  });
  if (values.help || values.list) {
    console.log(values.list ? list : usage);
    return;
  }
  const name = positionals[0] ?? demos[0]!.name;
  const demo = demos.find((d) => d.name === name);
  const seed = wholeNumber(values.seed);
  const [trials, digits] = [wholeNumber(values.trials), wholeNumber(values.digits)];
  const allowed = (option: 'trials' | 'digits', fits: boolean, range: string) => {
    if (values[option] === undefined) return undefined;
    if (!demo?.takes?.includes(option)) return `${name} takes no --${option}`;
    return fits ? undefined : `--${option} is "${values[option]}", allowed is a whole number from ${range}`;
  };
  const wrong =
    !demo || positionals.length > 1
      ? `the demos are ${demos.map((d) => d.name).join(', ')}`
      : seed === undefined
        ? `--seed is "${values.seed}", allowed is a whole number from 0`
        : (allowed('trials', (trials ?? 0) >= 2, '2') ??
          allowed(
            'digits',
            digits !== undefined && digits >= 40 && digits <= maxDigits,
            `40 to ${maxDigits}`,
          ));
  if (!demo || seed === undefined || wrong !== undefined) {
    console.error(`${wrong}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const here = process.env['INIT_CWD'] ?? '.';
  const linalg = await backendNamed(values.backend);
  await interruptible(demo, (signal) =>
    demo.run({
      linalg,
      seed,
      trials,
      digits,
      signal,
      report: resolve(here, values.report),
      studies: resolve(here, join('foothold-studies', `demo-${name}`)),
      finished: values['keep-studies'] === undefined ? undefined : resolve(here, values['keep-studies']),
      screen: screenOn(process.stdout, process.env),
    }),
  );
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Runs the demo with a signal that Ctrl-C aborts, where the demo can go on later; a second Ctrl-C ends the process at once. */
async function interruptible(demo: Demo, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  if (demo.resumes)
    for (const name of ['SIGINT', 'SIGTERM'] as const)
      process.on(name, () => {
        if (stop.signal.aborted) process.exit(130);
        stop.abort(new Error('stopped'));
      });
  try {
    await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error('Stopped. Every finished training is kept; the same command goes on from there.');
    process.exitCode = 130;
  }
}

try {
  await main();
} catch (error) {
  const expected = error instanceof OptimizationError || (error instanceof TypeError && 'code' in error);
  console.error(expected ? error.message : error);
  process.exitCode = 1;
}
