import { Command, InvalidArgumentError as InvalidFlag, Option } from 'commander';
import { type Configuration, full, quick, reduced } from './configuration.ts';
import { officialSource } from './data/download.ts';
import { type BackendName, backendNames } from './network/backend.ts';
import { type AcquisitionName, acquisitionNames } from './tuning.ts';

/** What the command line asks for. */
export interface Flags {
  readonly data?: string | undefined;
  readonly download?: string | undefined;
  readonly source: string;
  readonly smallTrials: number;
  /** A file or a study with what is known of the small network: then it is not run. */
  readonly smallHistory?: string | undefined;
  readonly largeTrials: number;
  readonly cold: boolean;
  readonly acquisition: AcquisitionName;
  readonly storage: string;
  readonly report: string;
  readonly configuration: Configuration;
}

function numeric(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new InvalidFlag('Allowed is a number.');
  return value;
}
function count(text: string): number {
  const value = numeric(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidFlag('Allowed is a whole number from 1.');
  return value;
}

const examples = `
Examples:
  small-to-large --data DIR                    the reduced sizes above, under ten minutes on one core
  small-to-large --download fashion            fetches the official images (31 MB) first
  small-to-large --data DIR --quick            the whole story in well under a minute; the networks learn little
  small-to-large --data DIR --small-history trials.csv
  small-to-large --data DIR --full --backend node-gpu

DIR holds train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and
t10k-labels-idx1-ubyte.gz. Ctrl-C stops at once and keeps every finished trial; the same command goes on from there.`;

/** The command with its flags and help; parsing it gives `flagsOf` its input. */
export function command(): Command {
  return new Command('small-to-large')
    .description(
      'Tunes a small network on Fashion-MNIST and carries what was learnt over to the tuning of a large one, beside a cold start of the same budget.',
    )
    .option('--data <dir>', 'folder with the four IDX files')
    .option(
      '--download <dir>',
      'fetch the official images into this folder (checked, resumable), then use it',
    )
    .option('--source <url>', 'where --download fetches from', officialSource)
    .addOption(
      new Option('--backend <name>', 'what computes')
        .choices(backendNames)
        .default('wasm' satisfies BackendName),
    )
    .option('--small-trials <n>', 'trials of the small network', count, 20)
    .addOption(
      new Option(
        '--small-history <place>',
        'tune no small network: take its trials from this file (our log, JSON, CSV, Optuna) or study in --storage',
      ).conflicts('smallTrials'),
    )
    .option('--large-trials <n>', 'trials of the large network, and of its cold start', count, 10)
    .option('--no-cold', 'leave the cold start out')
    .addOption(
      new Option(
        '--acquisition <name>',
        'what the next setting maximizes: expected or probable improvement, or an upper bound',
      )
        .choices(acquisitionNames)
        .default('ei' satisfies AcquisitionName),
    )
    .option('--images <n>', `training images (${reduced.images}; full ${full.images})`, count)
    .option('--epochs <n>', `epochs at most (${reduced.epochs}; full ${full.epochs})`, count)
    .option('--channels-scale <x>', `factor on all channels (${reduced.channelsScale}; full 1)`, numeric)
    .option('--small-validation <x>', 'share of the test images that judges the small network', numeric, 0.05)
    .option('--large-validation <x>', `and the large one (${reduced.largeValidation}; full 1)`, numeric)
    .option('--batch <n>', 'images a step', count, 64)
    .option('--patience <n>', 'epochs without a lower validation loss until a training ends', count, 5)
    .option(
      '--quick',
      `tiny sizes: ${quick.images} images, ${quick.epochs} epochs, channels × ${quick.channelsScale}`,
    )
    .addOption(new Option('--full', 'the sizes of the reference').conflicts('quick'))
    .option('--seed <n>', 'of images, weights, shuffling, dropout and the search', numeric, 1)
    .option('--storage <dir>', 'where finished trials are kept', 'runs/small-to-large')
    .option('--report <file>', 'the report to write', 'report.html')
    .addHelpText('after', examples)
    .showHelpAfterError('(--help shows every flag)')
    .allowExcessArguments(false);
}

/** The flags of a parsed command; sizes come from the flag, else from --full or --quick, else from the reduced ones. */
export function flagsOf(parsed: Command): Flags {
  const o = parsed.opts();
  const sizes = { ...(o.full ? full : o.quick ? quick : reduced) } as Record<string, number>;
  for (const name of ['images', 'epochs', 'channelsScale', 'largeValidation'])
    if (o[name] !== undefined) sizes[name] = o[name];
  const { backend, batch, patience, smallValidation, seed } = o;
  return {
    ...(o as Omit<Flags, 'configuration'>),
    configuration: { ...sizes, backend, batch, patience, smallValidation, seed } as Configuration,
  };
}
