import { samplerNames } from '@foothold/protocol/sampler-named';
import { type Command, Option } from 'commander';
import { collect, named, oneOf, positive, whole } from './options.ts';
import { leaseOption, retriesOption } from './run-options.ts';

/** `foothold worker`: the trials of a study as jobs, at any number of machines. */
export function addWorkerCommand(program: Command): void {
  const worker = program
    .command('worker')
    .description(
      'Evaluate trials of a study in PostgreSQL as jobs of a queue, beside workers on other machines.',
    )
    .addOption(
      new Option('--storage <address>', 'the studies and the queue: postgres://user@host/database').env(
        'FOOTHOLD_STORAGE',
      ),
    )
    .requiredOption(
      '--name <study>',
      'name of the study; it is made where there is none and --space is given',
    )
    .option('--run <command>', 'the command, with {name} where a value goes')
    .option('--module <file>', 'instead: a module whose default export, or `objective`, is the function')
    .option('--space <file>', 'the parameters of a new study: a JSON file, or JSON text')
    .option('--trials <n>', 'trials of the study in all (default: as planned)', whole(1));
  addTraining(worker);
  worker
    .option(
      '--sampler <name>',
      `of the suggestions (default: that of the study, or auto): ${samplerNames.join(', ')}`,
    )
    .addOption(
      new Option(
        '--direction <word>',
        'minimize or maximize the value (default: that of the study, or minimize)',
      ).argParser(oneOf('minimize', 'maximize')),
    )
    .addOption(new Option('--seed <n>', 'seed of a new study (default: 0)').argParser(whole(0)))
    .option(
      '--metric <name>',
      'which printed figure is the value (default: that of the study, or the only one)',
      named,
    )
    .option('--no-metric', 'no name again: the value is the only printed figure')
    .option('--objective <figure>', 'of a new study: a further figure to minimize, or NAME:maximize', collect)
    .option('--cost <name>', 'of a new study: printed figure that says what a trial cost', named)
    .addOption(
      new Option('--prune [pruner]', 'end trials early by what they report, as foothold tune').preset('asha'),
    )
    .option('--timeout <seconds>', 'time limit of one evaluation', positive)
    .option(
      '--keep-output <lines>',
      'last lines of each evaluation that are kept; 0: none',
      whole(0, 1000),
      200,
    )
    .option('--shell', 'run the command through the shell; values are never read as commands')
    .option('--no-shell', 'without the shell again')
    .option('--accept-command', 'go on with a study that was made with another --run, --metric or --shell');
  addLimits(worker);
  worker
    .addHelpText('after', help)
    .action(async (options) => (await import('./commands/worker.ts')).worker(options));
}

/** Trials that are pieces of training, as in `foothold tune`. */
function addTraining(worker: Command): void {
  worker
    .option(
      '--fidelity <name:max>',
      'of a new study: train configurations in pieces, such as epochs:52; --trials is then the budget in full trainings',
    )
    .option(
      '--checkpoint-dir <folder>',
      'with --fidelity: where checkpoints are kept, a folder that all workers share (default: that of the study)',
    )
    .option(
      '--budget <total>',
      'with --fidelity, instead of --trials: all pieces together, in epochs (default: as planned)',
      positive,
    );
}

/** How many trials at a time, and what becomes of those that fail. */
function addLimits(worker: Command): void {
  worker
    .option(
      '--concurrency <n>',
      'trials at a time (default: 1, or as many as there are resources for)',
      whole(1),
    )
    .option('--resources-per-trial <list>', 'what a trial needs, as in gpu:1; kept with the study')
    .option(
      '--resources <list>',
      'what this worker has, as in gpu:4,license:2 (default: the GPUs of CUDA_VISIBLE_DEVICES)',
    )
    .addOption(leaseOption())
    .addOption(retriesOption())
    .option('--failures <n>', 'how often a trial is tried again whose program failed', whole(0), 1)
    .option(
      '--back-off <seconds>',
      'wait before that, up to twice as long at random; twice that each further time',
      whole(1, 300),
      5,
    )
    .option('--heartbeat <seconds>', 'silence after which a job goes to another worker', whole(10), 30)
    .option(
      '--drain-timeout <seconds>',
      'after SIGTERM: time for what runs, which is then given back',
      positive,
    )
    .option(
      '--max-failures <n>',
      'stop after so many failures in a row (default: when the first 5 fail alike)',
      whole(1),
    )
    .option('--retry-failed', 'evaluate failed trials of the study again')
    .option('--migrate-queue', 'bring the queue of an older pg-boss up to date; end the other workers first')
    .option('--dead-letters', 'print the trials that have failed after their last try, and end')
    .option('--json', 'print the result as one JSON line');
}

const help = `
Example:
  foothold worker --storage postgres://me@db/lab --name train --space space.json --trials 100 --run "python train.py --lr {lr}"

Start it on as many machines as you like, with the same line: the study is in the database, and each trial is a job. A worker ends when
all trials have ended. SIGTERM: no trial begins any more, what runs ends, and the worker after it; a second one, or Ctrl-C, gives back
what runs. foothold studies pause and resume stop all workers of a study and let them go on. With --fidelity any worker that shares
--checkpoint-dir trains the next piece of any configuration. docs/workers.md has that, GPUs, containers and clusters.`;
