import { type Command, Option } from 'commander';
import { named, oneOf, positive, whole } from './options.ts';
import { storageOption } from './storage-option.ts';

/** Options of every command that evaluates a study's trials by running a program: `tune` and both forms of `small-to-large`. */
export interface RunOptions {
  readonly direction: 'minimize' | 'maximize';
  /** False where the direction is the default. */
  readonly directionGiven?: boolean;
  readonly metric?: string;
  /** Seconds of one evaluation. */
  readonly timeout?: number;
  /** Seconds of the whole run. */
  readonly timeLimit?: number;
  readonly concurrency: number;
  /** How many of the last lines of each evaluation are kept. */
  readonly keepOutput: number;
  readonly maxFailures?: number;
  readonly retryFailed?: boolean;
  readonly acceptCommand?: boolean;
  /** Seconds of silence after which another worker may take a trial. */
  readonly lease: number;
  /** How often a trial is asked again whose worker was silent or ended. */
  readonly retries: number;
  /** An address: a folder, `sqlite:FILE`, `postgres://…`. */
  readonly storage: string;
  readonly name?: string;
  /** Absent: that of the study, 0 for a new one. */
  readonly seed?: number;
  readonly shell?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

/** The command with `RunOptions` among its options. */
export function withRunOptions(command: Command): Command {
  return command
    .option('--direction <word>', 'minimize or maximize the value', oneOf('minimize', 'maximize'), 'minimize')
    .option(
      '--metric <name>',
      'which printed figure is the value, such as valid.loss (default: the only one)',
      named,
    )
    .option('--timeout <seconds>', 'time limit of one evaluation', positive)
    .option(
      '--time-limit <seconds>',
      'time limit of the whole run; what runs then is evaluated by the next',
      positive,
    )
    .option('--concurrency <n>', 'evaluations at a time; {slot} is the index of each, from 0', whole(1), 1)
    .option(
      '--keep-output <lines>',
      'how many of the last lines that each evaluation prints are kept with its trial; 0: none',
      whole(0, 1000),
      200,
    )
    .option('--retry-failed', 'evaluate failed trials of earlier runs again')
    .option(
      '--max-failures <n>',
      'stop after so many failures in a row (default: when the first 5 of a study fail in the same way)',
      whole(1),
    )
    .option('--accept-command', 'go on with a study that was made with another --run, --metric or --shell')
    .addOption(leaseOption())
    .addOption(retriesOption())
    .addOption(storageOption())
    .option('--name <name>', 'name of the study (default: from the command and the space)')
    .addOption(
      new Option('--seed <n>', 'seed of every random choice (default: 0, or that of the study)').argParser(
        whole(0),
      ),
    )
    .option('--shell', 'run the command through the shell; values are never read as commands')
    .option('--report <file>', 'write an HTML report at the end')
    .option('--json', 'print the result as one JSON line');
}

/** `--lease`, in seconds. */
export function leaseOption(): Option {
  return new Option(
    '--lease <seconds>',
    'silence after which a trial of another machine or container is evaluated again',
  )
    .argParser(positive)
    .default(120);
}

/** `--retries`, of every command whose workers may be lost. */
export function retriesOption(): Option {
  return new Option(
    '--retries <n>',
    'how often a trial is evaluated again after its worker ended or was silent, before it fails',
  )
    .argParser(whole(0))
    .default(3);
}
