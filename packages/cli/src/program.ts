/** The commands of `foothold` with their options. Each command's code is loaded when it is called, so that help starts at once. */
import { transferMethods } from '@foothold/optimize/transfer-methods';
import { samplerNames } from '@foothold/protocol/sampler-named';
import { Command, CommanderError, Option } from 'commander';
import { addExplainCommand } from './explain-command.ts';
import { withAdviserOptions } from './language-model/adviser-flags.ts';
import { addMcpCommand } from './mcp-command.ts';
import { collect, finite, givenOptions, named, numbers, oneOf, positive, whole } from './options.ts';
import { packageVersion } from './package-version.ts';
import { leaseOption, retriesOption, withRunOptions } from './run-options.ts';
import { addDashboardCommand, addServeCommand } from './serve-command.ts';
import { storageOption } from './storage-option.ts';
import { addStudyCommands } from './study-commands.ts';
import { addCompletion, addWatch } from './terminal-commands.ts';
import { UsageError } from './usage-error.ts';
import { addWorkerCommand } from './worker-command.ts';

const program = new Command('foothold')
  .description(
    'Bayesian optimization that carries knowledge from cheap or earlier problems to expensive ones.',
  )
  .version(packageVersion())
  .showHelpAfterError('(add --help for what is allowed)')
  .exitOverride();

const isGiven = (command: Command, option: string) => command.getOptionValueSource(option) === 'cli';
const seed = new Option('--seed <n>', 'seed of every random choice').default(0).argParser(whole(0));

program
  .command('ask-tell')
  .description(
    'Drive studies from any language: one JSON object a line in, one a line out (see docs/protocol.md).',
  )
  .action(async () => (await import('./commands/ask-tell.ts')).askTell());

withAdviserOptions(
  withRunOptions(
    program
      .command('tune')
      .description('Tune the parameters of any command that prints a number.')
      .requiredOption('--space <file>', 'the parameters: a JSON file, or JSON text')
      .requiredOption('--run <command>', 'the command, with {name} where a value goes')
      .option('--trials <n>', 'evaluations in all, those of earlier runs included', whole(1), 50)
      .option(
        '--fidelity <name:max>',
        'train configurations in pieces, such as epochs:52: {from} and {to} are where a piece begins and ends, and --trials the budget in full trainings',
      )
      .option(
        '--checkpoint-dir <folder>',
        'with --fidelity: where checkpoints are kept; {checkpoint} is a folder with what the piece before left',
      )
      .option(
        '--budget <total>',
        'with --fidelity, instead of --trials: all pieces together, in epochs',
        positive,
      )
      .option('--sampler <name>', samplerNames.join(', '), 'auto')
      .option(
        '--enqueue <json>',
        'parameters to try next, all or some (the sampler chooses the others), unless a trial has them; may be given several times',
        collect,
      )
      .option(
        '--from <study>',
        'an earlier study or a file of trials to start from; may be given several times',
        collect,
      )
      .option('--method <name>', `how: ${Object.keys(transferMethods).join(', ')} (default: auto)`)
      .option(
        '--gated',
        'mix the method with the plain model by how well each predicts the trials; methods that need none refuse it',
      )
      .option(
        '--features <numbers>',
        "the new task's features, those that the sources have, with commas",
        numbers,
      )
      .option(
        '--objective <figure>',
        'a further figure to minimize beside the value, such as size, or accuracy:maximize; may be given several times',
        collect,
      )
      .addOption(
        new Option(
          '--prune [pruner]',
          'end trials early by the {"step":3,"value":0.4} lines that they print: asha (when nothing is said), hyperband:81, median, percentile:25, patient:5, threshold:2, wilcoxon, or dominance with --objective; options as asha:minResource=3',
        ).preset('asha'),
      )
      .option('--target <value>', 'stop when the best value is as good as this', finite)
      .option('--patience <n>', 'stop after so many trials that are not better than the best one', whole(1))
      .option('--cost <name>', 'printed figure that says what a trial cost; gain per cost counts', named)
      .option(
        '--max-cost <total>',
        'with --cost: stop when all trials cost this together; with --adviser: most money for its calls, over all runs',
        positive,
      )
      .option(
        '--regret-bound <gain>',
        'stop when the model expects that no more than this is left to gain',
        positive,
      ),
  ),
)
  .addHelpText(
    'after',
    `
Example:
  foothold tune --space '{"lr":{"type":"real","low":1e-4,"high":1,"log":true}}' --run "python train.py --lr {lr}" --trials 30

Parameters: {"type":"real","low":0,"high":1,"log":true}, {"type":"int","low":1,"high":8}, {"type":"ordinal","choices":[16,32]},
{"type":"categorical","choices":["sgd","adam",null]}, {"type":"boolean"}; beside them "default":VALUE (tried first),
"when":{"optimizer":["sgd"]} and for real and int "step":0.05. A parameter that is null or not active takes its {name} away,
and the --flag before it; {amp?--amp} is --amp where amp is true. Write --lr={lr} where a program would take a negative value for
an option. docs/commands.md: how a command is filled and its output read. Combinations to leave out: "$constraints":[{"type":"linear","terms":{"a":1,"b":1},"atMost":1}];
with "atLeast":1 beside it the sum is always 1.

Ctrl-C stops after killing what runs; the same line goes on from there. {trial} is the trial's number, {slot} its index
among the parallel ones from 0, for instance a GPU's number; FOOTHOLD_TRIAL and FOOTHOLD_SLOT hold them too.`,
  )
  .action(async (options, command) =>
    (await import('./commands/tune.ts')).tune({
      ...options,
      directionGiven: isGiven(command, 'direction'),
      trialsGiven: isGiven(command, 'trials'),
    }),
  );

withRunOptions(
  program
    .command('small-to-large')
    .description('Tune a small version of a problem, then the large one with what was learned.')
    .requiredOption('--space <file>', 'the parameters: a JSON file, or JSON text')
    .option('--small <command>', 'the small problem, with {name} where a value goes')
    .option('--from <study>', 'an earlier study or a file of trials instead of --small', collect)
    .option('--large <command>', 'the large problem')
    .option(
      '--fidelities <numbers>',
      'instead: fidelities of one command, such as 5,15,52; the last one counts',
    )
    .addOption(new Option('--scales <numbers>', 'an older name of --fidelities').hideHelp())
    .option('--run <command>', 'with --fidelities: the command, with {fidelity} where the fidelity goes')
    .option('--budget <cost>', 'with --fidelities: cost of all evaluations together', positive)
    .option(
      '--costs <numbers>',
      'with --fidelities: cost at each, or measured for seconds (default: the fidelities)',
    )
    .option('--fidelity-name <name>', 'with --fidelities: another name for {fidelity}, such as epochs')
    .option(
      '--lr-shift <name>',
      'with --fidelities that are widths: this learning rate falls as 1/width; name:power for another power',
    )
    .addOption(new Option('--adviser <model>', 'see foothold tune').hideHelp())
    .option('--small-trials <n>', 'evaluations of the small problem (default: 20)', whole(1))
    .option('--large-trials <n>', 'evaluations of the large problem (default: 10)', whole(1)),
)
  .addHelpText(
    'after',
    `
Examples:
  foothold small-to-large --space space.json --small "python train.py --epochs 5 --lr {lr}" --large "python train.py --epochs 52 --lr {lr}"
  foothold small-to-large --space space.json --fidelities 5,15,52 --budget 625 --fidelity-name epochs --run "python train.py --epochs {epochs} --lr {lr}"

Ctrl-C stops after killing what runs; the same line goes on from there. {trial}, {slot} and the parameters'
form are as in foothold tune --help.`,
  )
  .action(async (given, command) => {
    const { scales, fidelities = scales, adviser, ...others } = given;
    if (adviser !== undefined)
      throw new UsageError(
        '--adviser goes with foothold tune: the samplers of small-to-large take no adviser. foothold tune --from SMALL --adviser MODEL starts the large problem from the trials of a small one',
      );
    const options = { ...others, fidelities, directionGiven: isGiven(command, 'direction') };
    return fidelities === undefined
      ? (await import('./commands/small-to-large.ts')).smallToLargeCommand(options)
      : (await import('./commands/multi-fidelity.ts')).multiFidelityCommand(options);
  });

program
  .command('checkpoints')
  .description('Name the best checkpoint on average from a small share of the evaluations.')
  .argument(
    '[table]',
    'scores so far: CSV or TSV, a row a checkpoint, a column a benchmark, empty where unknown',
  )
  .option('--rows <names>', 'checkpoints: names separated by commas, or a file with one a line')
  .option('--columns <names>', 'benchmarks, likewise')
  .option('--run <command>', 'evaluates one cell: a command with {row} and {column}')
  .option('--budget <cells>', 'cells to know in the end, a number or a share such as 5%', '5%')
  .option('--next <n>', 'without --run: how many cells to name', whole(1), 5)
  .option(
    '--target <word>',
    'mean, smooth, worst-task or every-task',
    oneOf('mean', 'smooth', 'worst-task', 'every-task'),
    'mean',
  )
  .option('--minimize <column>', 'a benchmark where smaller is better; may be given several times', collect)
  .option('--metric <name>', 'which printed figure is the score', named)
  .option('--timeout <seconds>', 'time limit of one evaluation', positive)
  .option('--out <file>', 'with --run: table of the scores, written after each cell', 'checkpoints.tsv')
  .addOption(storageOption())
  .option('--name <name>', 'name of the study (default: from the command and the matrix)')
  .option('--concurrency <n>', 'evaluations at a time', whole(1), 1)
  .addOption(leaseOption())
  .addOption(retriesOption())
  .option('--retry-failed', 'evaluate cells again that failed in earlier runs')
  .option('--max-failures <n>', 'stop after so many failures in a row', whole(1))
  .option('--accept-command', 'go on with a study that was made with another --run, --metric or --shell')
  .option('--no-stop', 'spend the whole budget, also when the answer is clear before')
  .addOption(seed)
  .option('--shell', 'run the command through the shell; values are never read as commands')
  .option('--report <file>', 'write an HTML report, renewed while the search runs')
  .option('--json', 'print the result as one JSON line')
  .action(async (table, options, command: Command) =>
    (await import('./commands/checkpoints.ts')).checkpointsCommand(table, options, givenOptions(command)),
  );

program
  .command('report')
  .description('Write a report of a study: one HTML file that opens without a server.')
  .argument('<study>', 'name of the study, as tune printed it')
  .addOption(storageOption())
  .option('--out <file>', 'where to write it', 'report.html')
  .action(async (study, options) => (await import('./commands/report.ts')).reportCommand(study, options));

addExplainCommand(program);

program
  .command('replay')
  .description(
    'Make every suggestion of a study again from its log, and name each that differs, with the cause.',
  )
  .argument('<study>', 'name of the study, as tune printed it')
  .addOption(storageOption())
  .option('--sampler <name>', 'another sampler than the log names')
  .option('--from <study>', 'an earlier study that the suggestions start from, as for tune', collect)
  .option('--method <name>', 'with --from: another method than the log names')
  .option('--gated', 'with --from: as for tune')
  .option('--features <numbers>', 'with --from: as for tune', numbers)
  .option('--json', 'print the result as one JSON line')
  .action(async (study, options) => (await import('./commands/replay.ts')).replayCommand(study, options));

addWatch(program);
addStudyCommands(program);
addCompletion(program);
addDashboardCommand(program);
addServeCommand(program);
addWorkerCommand(program);
addMcpCommand(program);

program
  .command('doctor')
  .description('What loads on this machine: Node, compute backends with their speed, the GPU.')
  .option('--sizes <n>', 'matrix sizes to time, separated by commas', '100,200,500,1000,2000,4000')
  .option('--json', 'JSON lines')
  .action(async (options) => (await import('./commands/doctor.ts')).doctor(options));

/** Runs the command that the words of this process name. What is wrong with the words is printed, and told by the exit code. */
export async function runProgram(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode;
  }
}
