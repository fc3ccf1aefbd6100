import { type Command, Option } from 'commander';
import { collect, oneOf, whole } from './options.ts';
import { storageOption } from './storage-option.ts';

/** `foothold studies …`, `import` and `export`: studies as things that are kept, whatever made them. */
export function addStudyCommands(program: Command): void {
  const studies = program
    .command('studies')
    .description('List, show, edit, copy, rename, delete and export studies.');
  studies
    .command('list', { isDefault: true })
    .description('List the studies.')
    .addOption(storageOption())
    .option('--json', 'print them as one JSON line')
    .action(async (options) => (await import('./commands/studies-list.ts')).studiesList(options));
  studies
    .command('show')
    .description('Show one study: its space, goal, best trial, counts, times and last trials.')
    .argument('<name>', 'name of the study')
    .addOption(storageOption())
    .option('--last <n>', 'how many of the last trials', whole(0), 10)
    .option('--space', 'print its space alone, as tune --space takes it')
    .option('--trial <number>', 'show this trial and the last lines that its program printed', whole(0))
    .option('--json', 'print it as one JSON line')
    .action(async (name, options) => (await import('./commands/studies-show.ts')).studiesShow(name, options));
  for (const to of [program, studies]) addEdit(to);
  addChanges(studies);
  addTrialChanges(studies);
  addPauses(studies);
  addFiles(program, studies);
  studies.addHelpText(
    'after',
    `
Examples:
  foothold studies
  foothold studies show train-1a2b3c4d
  foothold studies copy train-1a2b3c4d train-larger-range
  foothold studies export train-1a2b3c4d --out trials.csv
  foothold studies delete train-1a2b3c4d`,
  );
}

/** `edit`: beside `tune` and `replay`, and among what changes a study. */
function addEdit(to: Command): void {
  to.command('edit')
    .description(
      'Give a study another space or other limits from here on: its trials stay, and models still learn of them.',
    )
    .argument('<study>', 'name of the study, as tune printed it')
    .addOption(storageOption())
    .option('--space <file>', 'the whole new space: a JSON file, or JSON text')
    .option(
      '--range <name=low..high>',
      'another range of one number, as in lr=1e-5..0.1; may be given several times',
      collect,
    )
    .option(
      '--value <name=value>',
      'what the trials so far had for a new parameter; needed for each',
      collect,
    )
    .option(
      '--limit <text>',
      'METRIC<=NUMBER or METRIC>=NUMBER, which the best trial keeps, in place of all limits that there were; none takes them away',
      collect,
    )
    .option('--json', 'print the result as one JSON line')
    .action(async (study, options) => (await import('./commands/edit-study.ts')).editStudy(study, options));
}

function addChanges(studies: Command): void {
  const force = new Option('--force', 'also while a worker evaluates a trial: what it tells is lost');
  studies
    .command('copy')
    .description('Copy a study with its whole history; the copy goes on as the study would have.')
    .argument('<name>', 'name of the study')
    .argument('<to>', 'name of the copy')
    .addOption(storageOption())
    .option('--to-storage <address>', 'where the copy is kept (default: beside the study)')
    .action(async (name, to, options) =>
      (await import('./commands/studies-change.ts')).studiesCopy(name, to, options),
    );
  studies
    .command('rename')
    .description('Give a study another name.')
    .argument('<name>', 'name of the study')
    .argument('<to>', 'its new name')
    .addOption(storageOption())
    .addOption(force)
    .action(async (name, to, options) =>
      (await import('./commands/studies-change.ts')).studiesRename(name, to, options),
    );
  studies
    .command('delete')
    .description('Delete a study with all its trials; asks before it does.')
    .argument('<name>', 'name of the study')
    .addOption(storageOption())
    .option('--yes', 'do not ask')
    .addOption(force)
    .action(async (name, options) =>
      (await import('./commands/studies-change.ts')).studiesDelete(name, options),
    );
}

/** What is done with single trials. */
function addTrialChanges(studies: Command): void {
  const changes = [
    [
      'delete-trial',
      'Delete trials: they count nowhere from here on. The log keeps them, and restore-trial brings them back.',
      'studiesDeleteTrials',
    ],
    ['restore-trial', 'Restore deleted trials.', 'studiesRestoreTrials'],
    [
      'release-trial',
      'Give running trials back whose workers are gone, so that the next asks give them out again.',
      'studiesReleaseTrials',
    ],
  ] as const;
  for (const [command, description, change] of changes)
    studies
      .command(command)
      .description(description)
      .argument('<name>', 'name of the study')
      .argument('<numbers...>', 'numbers of the trials')
      .addOption(storageOption())
      .action(async (name, numbers, options) =>
        (await import('./commands/studies-trials.ts'))[change](name, numbers, options),
      );
}

/** `pause` and `resume`: as the dashboard's button does. */
function addPauses(studies: Command): void {
  for (const [command, description, isPaused] of [
    [
      'pause',
      'No worker (foothold worker) and no server begins a trial of the study; what runs goes on.',
      true,
    ],
    ['resume', 'Let workers and servers begin trials of a paused study again.', false],
  ] as const)
    studies
      .command(command)
      .description(description)
      .argument('<name>', 'name of the study')
      .addOption(storageOption())
      .action(async (name, options) =>
        (await import('./commands/studies-pause.ts')).studiesPause(name, { ...options, isPaused }),
      );
}

function addFiles(program: Command, studies: Command): void {
  studies
    .command('export')
    .description('Print the trials of a study as CSV, or the whole study as JSON.')
    .argument('<name>', 'name of the study')
    .addOption(storageOption())
    .option('--format <word>', 'csv or json (default: as --out ends, or csv)', oneOf('csv', 'json'))
    .option('--out <file>', 'file to write (default: standard output)')
    .action(async (name, options) =>
      (await import('./commands/study-files.ts')).studiesExport(name, options),
    );
  program
    .command('export')
    .description('Write a study to a file that another program opens.')
    .argument('<study>', 'name of the study')
    .requiredOption(
      '--to <file>',
      'optuna:FILE (SQLite), optuna+journal:FILE, csv:FILE, json:FILE, or a file by its ending: .db, .sqlite, .log, .csv, .json',
    )
    .addOption(storageOption())
    .option('--optuna <version>', 'the version of Optuna that reads it: 3, 4 or 5', oneOf('3', '4', '5'), '5')
    .option('--force', 'replace a database or journal that is there')
    .action(async (name, options) => (await import('./commands/study-files.ts')).exportCommand(name, options))
    .addHelpText(
      'after',
      `
Example:
  foothold export train-1a2b3c4d --to optuna:train.db
  optuna-dashboard sqlite:///train.db`,
    );
  program
    .command('import')
    .description('Make a whole study of one in a file: Optuna (SQLite, journal), a log, JSON, CSV.')
    .argument('<file>', 'SQLite file or journal of Optuna 2.4 to 5, log of a study, JSON or CSV')
    .addOption(storageOption())
    .option('--study <name>', 'which study of the file, where it holds several')
    .option('--name <name>', 'name here (default: that in the file)')
    .option('--space <file>', 'the parameters: JSON file or text; needed for tables, which do not say them')
    .option('--direction <word>', 'of tables: minimize or maximize', oneOf('minimize', 'maximize'))
    .option(
      '--fill <json>',
      'values of parameters that older trials lack; may be given several times',
      collect,
    )
    .option('--json', 'print the result as one JSON line')
    .action(async (file, options) => (await import('./commands/study-files.ts')).importCommand(file, options))
    .addHelpText(
      'after',
      `
Examples:
  foothold import optuna.db --study resnet --name resnet
  foothold import trials.csv --space space.json --direction maximize`,
    );
}
