import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BackendName, backendNames } from '@foothold/app-small-to-large/backend';
import { whole } from '@foothold/app-small-to-large/whole';
import { InvalidArgumentError } from '@foothold/core';
import { Command, Option } from 'commander';
import { earlierTasks } from './tasks.ts';

/** What the command line asks for. */
export interface Flags {
  readonly data: string;
  readonly backend: BackendName;
  readonly earlierTasks: number;
  readonly earlierTrials: number;
  readonly trials: number;
  readonly repeats: number;
  /** Images of each class. */
  readonly train: number;
  readonly validation: number;
  /** Epochs without a lower validation loss that end a training, and that halve its learning rate. */
  readonly patience: number;
  readonly plateau: number;
  readonly seed: number;
  /** Folder of the studies. */
  readonly dir: string;
  readonly report: string;
}

const usual = { earlierTasks: 5, earlierTrials: 20, trials: 15, repeats: 5, train: 60, validation: 150 };
const quick = { earlierTasks: 2, earlierTrials: 6, trials: 5, repeats: 2, train: 20, validation: 40 };

/** 10,000 real images beside the project, where its maintainers keep them; others have none. */
export const imagesBeside = fileURLToPath(
  new URL('../../../../shared/data/fashion-mnist-10k', import.meta.url),
);

const examples = `
DIR holds train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and
t10k-labels-idx1-ubyte.gz; the small-to-large app fetches them with --download DIR. Ctrl-C stops at once and keeps every
finished evaluation; the same command goes on from there, and with all of them done it shows the result again.

Examples:
  meta-learning --data DIR                 the whole comparison, some minutes on one core
  meta-learning --data DIR --quick         all of it at tiny sizes, in seconds; shows nothing but that it runs
  meta-learning --data DIR --trials 8 --repeats 9 --seed 2`;

/** The command with its flags and help; parsing it gives `flagsOf` its input. */
export function command(): Command {
  const sized = (flag: string, text: string, name: keyof typeof usual) =>
    new Option(flag, `${text} (${usual[name]}; quick ${quick[name]})`).argParser(whole(1));
  return new Command('meta-learning')
    .description(
      'Tunes small networks on several sets of articles of Fashion-MNIST, then a new set in few evaluations: with what the earlier ones taught, by plain Bayesian optimization, and at random.',
    )
    .option('--data <dir>', 'folder with the four IDX files (../shared/data/fashion-mnist-10k where that is)')
    .addOption(new Option('--backend <name>', 'what computes').choices(backendNames).default('wasm'))
    .addOption(sized('--earlier-tasks <n>', `earlier tasks, at most ${earlierTasks.length}`, 'earlierTasks'))
    .addOption(sized('--earlier-trials <n>', 'evaluations on each of them', 'earlierTrials'))
    .addOption(sized('--trials <n>', 'evaluations on the new task, for each method', 'trials'))
    .addOption(sized('--repeats <n>', 'searches by each method, with seeds of their own', 'repeats'))
    .addOption(sized('--train <n>', 'images of each class to learn from', 'train'))
    .addOption(sized('--validation <n>', 'and to judge settings by', 'validation'))
    .option('--patience <n>', 'epochs without a lower validation loss that end a training', whole(1), 6)
    .option('--plateau <n>', 'epochs without one that are endured until the rate is halved', whole(0), 2)
    .option('--quick', 'tiny sizes')
    .option('--seed <n>', 'of images, networks and searches', whole(0), 1)
    .option('--dir <dir>', 'where finished evaluations are kept', 'runs/meta-learning')
    .option('--report <file>', 'the report to write', 'report.html')
    .addHelpText('after', examples)
    .showHelpAfterError('(--help shows every flag)')
    .allowExcessArguments(false);
}

/** The flags of a parsed command. Throws InvalidArgumentError without images, or for more earlier tasks than there are. */
export function flagsOf(parsed: Command): Flags {
  const o = parsed.opts();
  const data: string | undefined = o.data ?? (existsSync(imagesBeside) ? imagesBeside : undefined);
  if (data === undefined)
    throw new InvalidArgumentError(
      '--data',
      undefined,
      'a folder with the four files of Fashion-MNIST; the small-to-large app fetches them with --download DIR',
    );
  const flags = { ...(o.quick ? quick : usual), ...o, data } as Flags;
  if (flags.earlierTasks > earlierTasks.length)
    throw new InvalidArgumentError('--earlier-tasks', flags.earlierTasks, `at most ${earlierTasks.length}`);
  return flags;
}
