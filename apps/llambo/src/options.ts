import { fileURLToPath } from 'node:url';
import { whole } from '@foothold/app-small-to-large/whole';
import { type TaskContext, type TokenLimitName, taskContexts, tokenLimitNames } from '@foothold/llm';
import { Command, InvalidArgumentError as InvalidFlag, Option } from 'commander';
import { type ArmSettings, type MethodName, methodNames } from './arms.ts';
import { type DatasetName, datasetNames } from './datasets.ts';
import { type LearnerName, learnerNames } from './learners.ts';

/** What the command line asks for. */
export interface Flags extends ArmSettings {
  readonly baseUrl?: string | undefined;
  readonly model?: string | undefined;
  /** False for an endpoint that wants none. */
  readonly key: boolean;
  readonly keyEnvironment?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly record?: string | undefined;
  readonly replay?: string | undefined;
  readonly maxCost?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly priceInput?: number | undefined;
  readonly priceOutput?: number | undefined;
  /** In a minute. */
  readonly requests: number;
  readonly tokens: number;
  readonly parallel: number;
  readonly tokenLimitName?: TokenLimitName | undefined;
  /** False for a model that takes none. */
  readonly temperature: boolean;
  /** Seconds. */
  readonly callTimeout: number;
  readonly learners: readonly LearnerName[];
  readonly datasets: readonly DatasetName[];
  readonly methods: readonly MethodName[];
  readonly contexts: readonly TaskContext[];
  readonly trials: number;
  readonly repeats: number;
  readonly seed: number;
  readonly objective: string;
  /** Seconds of an evaluation. */
  readonly timeout: number;
  readonly dir: string;
}

const usual = { trials: 25, repeats: 5, candidates: 10, templates: 2, generations: 10 };
const quick = { trials: 3, repeats: 1, candidates: 4, templates: 2, generations: 2 };

/** The trainer of this app. */
export const ownTrainer = `${process.env.FOOTHOLD_PYTHON ?? 'python3'} "${fileURLToPath(new URL('../train.py', import.meta.url))}"`;

function number(isAllowed: (value: number) => boolean, allowed: string): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || !isAllowed(value)) throw new InvalidFlag(`Allowed is ${allowed}.`);
    return value;
  };
}
const positive = number((value) => value > 0, 'a number above 0');
const fromZero = number((value) => value >= 0, 'a number from 0');

function names<T extends string>(known: readonly T[]): (text: string) => readonly T[] {
  return (text) => {
    const wanted = text.split(',').map((name) => name.trim());
    for (const name of wanted)
      if (!(known as readonly string[]).includes(name))
        throw new InvalidFlag(`Allowed are ${known.join(', ')}, with commas between.`);
    return known.filter((name) => wanted.includes(name));
  };
}

const list = <T extends string>(flag: string, text: string, known: readonly T[]) =>
  new Option(`${flag} <names>`, text).argParser(names(known)).default(known, known.join(','));

const examples = `
The objective is a command: with --learner NAME --dataset NAME and the hyperparameters as JSON in FOOTHOLD_PARAMS it prints a
JSON line with "value"; with --facts the facts of the dataset. The default needs a Python with scikit-learn, which
FOOTHOLD_PYTHON names. In DIR are the studies, the ledger, tables (CSV) and charts (SVG). Ctrl-C keeps every finished trial;
the same command goes on from there, and with more --trials or --repeats it adds these.

Examples:
  llambo --base-url http://127.0.0.1:11434/v1 --model qwen3 --no-key --quick
  llambo --base-url URL --model NAME --key-file FILE --price-input 0.15 --price-output 0.6 --max-cost 20
  llambo --methods default,random --datasets wine --learners SVM     without a language model`;

/** The command with its flags and help; parsing it gives `flagsOf` its input. */
export function command(): Command {
  const parser = new Command('llambo').description(
    'The experiment of LLAMBO (Liu et al. 2024): tunes models of scikit-learn with language models as advisers, by Bayesian optimization and at random, and draws the average regret.',
  );
  for (const option of [...modelOptions(), ...experimentOptions()]) parser.addOption(option);
  return parser
    .addHelpText('after', examples)
    .showHelpAfterError('(--help shows every flag)')
    .allowExcessArguments(false);
}

function modelOptions(): readonly Option[] {
  return [
    new Option('--base-url <url>', 'address of an OpenAI-compatible API, up to and with /v1'),
    new Option('--model <name>', "the provider's name of the language model"),
    new Option('--key-environment <name>', 'variable with the key (default: FOOTHOLD_LLM_KEY)'),
    new Option('--key-file <file>', 'file with the key'),
    new Option('--no-key', 'the endpoint wants no key'),
    new Option('--max-cost <amount>', 'budget of the folder, in the currency of the prices').argParser(
      positive,
    ),
    new Option('--max-tokens <n>', 'budget of the folder in tokens').argParser(whole(1)),
    new Option('--price-input <amount>', 'of a million tokens of prompts').argParser(fromZero),
    new Option('--price-output <amount>', 'of a million tokens of answers').argParser(fromZero),
    new Option('--requests <n>', 'requests in a minute at most').argParser(whole(1)).default(720),
    new Option('--tokens <n>', 'tokens in a minute at most').argParser(whole(1)).default(100_000),
    new Option('--parallel <n>', 'requests at a time').argParser(whole(1)).default(16),
    new Option('--call-timeout <s>', 'seconds of a request').argParser(positive).default(60),
    new Option('--token-limit-name <name>', 'what the API calls the most tokens of an answer').choices(
      tokenLimitNames,
    ),
    new Option('--no-temperature', 'the model takes no temperature, as those that reason'),
    new Option('--record <file>', 'add every reply to this file'),
    new Option(
      '--replay <file>',
      'take the replies from such a file; --model says whose, where two models wrote it',
    ),
  ];
}

function experimentOptions(): readonly Option[] {
  const sized = (flag: string, text: string, name: keyof typeof usual) =>
    new Option(`${flag} <n>`, `${text} (${usual[name]}; quick ${quick[name]})`).argParser(whole(1));
  return [
    list('--learners', 'models that are tuned', learnerNames),
    list('--datasets', 'of scikit-learn', datasetNames),
    list('--methods', 'that are compared', methodNames),
    list('--contexts', 'how much of the task card the language model sees', taskContexts),
    new Option('--initial <n>', 'first trials of a search, random ones').argParser(whole(1)).default(5),
    new Option('--warm-start', 'the language model proposes the first trials of its searches').default(false),
    sized('--trials', 'trials after them', 'trials'),
    sized('--repeats', 'searches of each task by each method, with seeds of their own', 'repeats'),
    sized('--candidates', 'candidates of a trial', 'candidates'),
    sized('--templates', 'orders of the examples', 'templates'),
    sized('--generations', 'predictions of each candidate by each template', 'generations'),
    new Option('--alpha <x>', 'how far beyond the best value the target is')
      .argParser(number(() => true, 'a number'))
      .default(0.1),
    new Option('--probabilities <from>', 'of the generative mode')
      .choices(['log-probabilities', 'samples'])
      .default('log-probabilities'),
    new Option('--quick', 'SVM on wine at tiny sizes'),
    new Option('--seed <n>', 'of all searches').argParser(whole(0)).default(1),
    new Option('--objective <command>', 'what trains a model (default: the train.py of this app)'),
    new Option('--timeout <s>', 'seconds of an evaluation').argParser(positive).default(600),
    new Option('--dir <dir>', 'where all results are kept').default('runs/llambo'),
  ];
}

/** The flags of a parsed command. */
export function flagsOf(parsed: Command): Flags {
  const o = parsed.opts();
  const isGiven = (name: string) => parsed.getOptionValueSource(name) !== 'default';
  const small = {
    ...(!isGiven('learners') && { learners: ['SVM'] }),
    ...(!isGiven('datasets') && { datasets: ['wine'] }),
  };
  const { quick: isQuick, ...given } = o;
  const sizes = isQuick ? { ...quick, ...given, ...small } : { ...usual, ...given };
  return { objective: ownTrainer, ...sizes } as unknown as Flags;
}
