import type { TokenLimitName } from '@foothold/llm';
import { type Command, Option } from 'commander';
import { positive, whole } from '../options.ts';

/** As `tokenLimitNames` of @foothold/llm, which is loaded when it is needed. */
const limitNames: readonly TokenLimitName[] = ['max_tokens', 'max_completion_tokens'];

/** Where a language model is, who pays, and how much: what `explain --model` and `tune --adviser` share. */
export interface ModelFlags {
  readonly baseUrl?: string;
  readonly keyEnv?: string;
  readonly keyFile?: string;
  /** False with `--no-key`. */
  readonly key?: boolean;
  readonly maxTokens?: number;
  readonly priceInput?: number;
  readonly priceOutput?: number;
  readonly priceCachedInput?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly tokenLimitName?: TokenLimitName;
  /** False with `--no-temperature`. */
  readonly temperature?: boolean;
}

/** The command with `ModelFlags` among its options; `flag` is the one that names the model. */
export function withModelOptions(command: Command, flag: '--model' | '--adviser'): Command {
  const price = (name: string, of: string) =>
    new Option(`--price-${name} <price>`, `with ${flag}: price of a million ${of}`).argParser(fromZero);
  return command
    .option('--base-url <address>', `with ${flag}: the OpenAI-compatible API, up to and with /v1`)
    .option(
      '--key-env <name>',
      `with ${flag}: environment variable that holds the key (default: FOOTHOLD_LLM_KEY)`,
    )
    .option('--key-file <file>', `with ${flag}: file that holds the key`)
    .option('--no-key', `with ${flag}: the API wants no key`)
    .option('--max-tokens <n>', `with ${flag}: most tokens of prompts and answers together`, whole(1))
    .addOption(price('input', 'tokens of prompts'))
    .addOption(price('output', 'tokens of answers'))
    .addOption(
      price('cached-input', 'tokens of prompts that the provider had cached (default: --price-input)'),
    )
    .option('--requests-per-minute <n>', `with ${flag}: most requests in any minute (default: 720)`, whole(1))
    .option('--tokens-per-minute <n>', `with ${flag}: most tokens in any minute (default: 100,000)`, whole(1))
    .addOption(
      new Option(
        '--token-limit-name <name>',
        `with ${flag}: what the API calls the most tokens of an answer; models that reason want the second`,
      ).choices(limitNames),
    )
    .option('--no-temperature', `with ${flag}: the model takes no temperature, as those that reason`);
}

function fromZero(text: string): number {
  return text.trim() !== '' && Number(text) === 0 ? 0 : positive(text);
}

/** The flags that are given, as a person writes them. */
export function givenModelFlags(flags: ModelFlags): readonly string[] {
  return Object.entries({
    '--base-url': flags.baseUrl,
    '--key-env': flags.keyEnv,
    '--key-file': flags.keyFile,
    '--no-key': flags.key === false ? true : undefined,
    '--max-tokens': flags.maxTokens,
    '--price-input': flags.priceInput,
    '--price-output': flags.priceOutput,
    '--price-cached-input': flags.priceCachedInput,
    '--requests-per-minute': flags.requestsPerMinute,
    '--tokens-per-minute': flags.tokensPerMinute,
    '--token-limit-name': flags.tokenLimitName,
    '--no-temperature': flags.temperature === false ? true : undefined,
  }).flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
}
