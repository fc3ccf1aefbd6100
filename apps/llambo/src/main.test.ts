import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { terminal } from '@foothold/app-small-to-large/terminal';
import { OptimizationError } from '@foothold/core';
import { type FakeModelServer, fakeModelServer } from '@foothold/testing/fake-model-server';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../../tests/run-command.ts';
import { BudgetSpentError } from './budget-spent-error.ts';
import { command, flagsOf } from './options.ts';
import { run } from './program.ts';
import { tuningModel } from './tuning-model.fixture.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const objective = `"${process.execPath}" "${fileURLToPath(new URL('objective.fixture.mjs', import.meta.url))}"`;
const key = 'sk-of-the-test-0123456789';

let folder: string;
let server: FakeModelServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foothold-llambo-'));
  await writeFile(join(folder, 'key'), `${key}\n`);
  server = await fakeModelServer(tuningModel, { models: ['small'], key });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

afterEach(() => vi.unstubAllEnvs());

/** The program as its own process in the folder. */
const start = (words: readonly string[]) =>
  runCommand(process.execPath, ['--conditions=@foothold/source', program, ...words], { cwd: folder });
/** The same within this process: what it printed, or what it rejected with. */
async function here(words: readonly string[]): Promise<string> {
  let printed = '';
  const to = terminal(
    {
      write: (text) => {
        printed += text;
      },
    },
    {},
  );
  const flags = flagsOf(
    command()
      .exitOverride()
      .parse([...words], { from: 'user' }),
  );
  await run(flags, { to, signal: new AbortController().signal, now: () => performance.now() });
  return printed;
}
const endpoint = () => ['--base-url', server.baseURL, '--model', 'small'];
const withKey = () => [...endpoint(), '--key-file', join(folder, 'key')];
const sizes = '--initial 3 --trials 2 --repeats 1 --candidates 4 --templates 2 --generations 2'.split(' ');
const tiny = () => [...sizes, '--objective', objective, '--learners', 'SVM', '--datasets', 'wine'];
const readCsv = async (dir: string, name: string): Promise<readonly Record<string, string>[]> =>
  parse(await readFile(join(folder, dir, name), 'utf8'), { columns: true });
const wrong = (fact: string) => ['--objective', `${objective} --wrong ${fact}`];
/** What was evaluated, without what it cost: a trial whose replies an earlier run paid for costs nothing. */
const evaluated = async (dir: string) =>
  (await readCsv(dir, 'trials.csv')).map((row) => ({
    ...row,
    calls: '',
    'prompt tokens': '',
    'completion tokens': '',
    cost: '',
  }));

const ledgerOf = async (dir: string) =>
  JSON.parse((await readFile(join(folder, dir, 'ledger.jsonl'), 'utf8')).trim().split('\n').at(-1)!);

describe('the program', { timeout: 120_000 }, () => {
  it('compares every method in every context on both kinds of task, and writes tables and charts', async () => {
    const before = server.requests.length;
    const words = [...withKey(), ...tiny(), '--datasets', 'wine,diabetes', '--trials', '1', '--dir', 'whole'];
    const { code, stdout, stderr } = await start(words);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('2 tasks, 11 methods and contexts, 1 repeats: 88 evaluations.');
    const trials = await readCsv('whole', 'trials.csv');
    expect(trials).toHaveLength(88);
    for (const dataset of ['wine', 'diabetes']) {
      const first = trials.filter((row) => row['dataset'] === dataset && row['evaluation'] === '1');
      expect(new Set(first.map(({ params }) => params)).size).toBe(1);
      expect(first).toHaveLength(11);
    }
    // The best of all evaluations has regret 0, the worst one 1.
    const regrets = trials.map(({ regret }) => Number(regret));
    expect([Math.min(...regrets), Math.max(...regrets)]).toEqual([0, expect.any(Number)]);
    expect(Math.max(...regrets)).toBeLessThanOrEqual(1);
    const averages = await readCsv('whole', 'regret.csv');
    expect(averages).toHaveLength(11 * 4);
    expect(new Set(averages.map(({ context }) => context))).toEqual(new Set(['none', 'partial', 'full', '']));
    const charts = {
      'methods.svg': ['llambo-generative, full', 'advised, full', 'default', 'random'],
      'contexts-llambo.svg': ['context none', 'context partial', 'context full', 'default', 'random'],
      'contexts-llambo-generative.svg': ['context full'],
      'contexts-advised.svg': ['context full'],
    };
    for (const [chart, names] of Object.entries(charts)) {
      const svg = await readFile(join(folder, 'whole', chart), 'utf8');
      for (const name of names) expect(svg).toContain(`>${name}<`);
    }
    const asked = server.requests.slice(before);
    expect(asked.some(({ logProbabilities }) => logProbabilities !== undefined)).toBe(true);
    const prompts = asked.map(({ prompt }) => prompt).filter((prompt) => prompt.includes('gamma'));
    const shows = (...words: string[]) =>
      prompts.filter((prompt) => words.every((word) => prompt.includes(word)));
    expect(shows('support vector machine')).toHaveLength(prompts.length);
    expect(shows('142 samples').length).toBeGreaterThan(shows('142 samples', 'Further facts').length);
    expect(shows('142 samples', '16 of 78 pairs').length).toBeGreaterThan(0);
    expect(shows('142 samples').length + shows('353 samples').length).toBeLessThan(prompts.length);
    expect(`${stdout}${stderr}`).not.toContain(key);
  });

  it('has nothing to do the second time, and goes on where more trials are wanted', async () => {
    const dir = join(folder, 'again');
    const words = [...withKey(), ...tiny(), '--methods', 'llambo,random', '--contexts', 'full', '--dir', dir];
    await here(words);
    const table = await readFile(join(dir, 'trials.csv'), 'utf8');
    const before = server.requests.length;
    expect(await here(words)).toContain('10 of 10 evaluations are there from an earlier run.');
    expect(await readFile(join(dir, 'trials.csv'), 'utf8')).toBe(table);
    expect(server.requests.length).toBe(before);
    expect(await here([...words, '--trials', '3'])).toContain('10 of 12 evaluations are there');
    expect(await readCsv('again', 'trials.csv')).toHaveLength(12);
  });

  it('stops at its budget, and with a larger one goes on to the trials of a run that was never stopped', async () => {
    vi.stubEnv('FOOTHOLD_LLM_KEY', key);
    const methods = ['--methods', 'llambo,advised,random', '--contexts', 'partial', '--repeats', '2'];
    // One call at a time: what others reserve is no spending.
    const limits = ['--parallel', '1', '--price-input', '1', '--price-output', '2'];
    const line = (dir: string, maxCost: string) => [
      ...[...endpoint(), ...tiny(), ...methods, ...limits, '--max-cost', maxCost, '--dir', join(folder, dir)],
    ];
    await here(line('unstopped', '1'));
    const { cost } = await ledgerOf('unstopped');
    const budget = (0.9 * cost).toFixed(9);
    const stopped = here(line('parts', budget));
    await expect(stopped).rejects.toThrow(/the budget of .* a larger --max-cost goes on from here$/);
    await expect(stopped).rejects.toBeInstanceOf(BudgetSpentError);
    const spent = await ledgerOf('parts');
    expect(spent.cost).toBeLessThanOrEqual(Number(budget));
    expect(spent.reserved).toEqual({ promptTokens: 0, completionTokens: 0 });
    // The first repeat is whole, the second is not.
    expect(new Set((await readCsv('parts', 'trials.csv')).map(({ repeat }) => repeat))).toEqual(
      new Set(['1']),
    );
    await here(line('parts', '1'));
    expect(await evaluated('parts')).toEqual(await evaluated('unstopped'));
  });

  it('ends at a spent budget too where the method would go on without a model', async () => {
    vi.stubEnv('FOOTHOLD_LLM_KEY', key);
    const line = (tokens: string) => [
      ...[...endpoint(), ...tiny(), '--methods', 'advised', '--contexts', 'none', '--parallel', '1'],
      ...['--trials', '8'],
      ...['--max-tokens', tokens, '--dir', join(folder, 'advised')],
    ];
    await expect(here(line('200'))).rejects.toBeInstanceOf(BudgetSpentError);
    await here(line('1000000'));
    expect((await readCsv('advised', 'trials.csv')).some(({ calls }) => Number(calls) > 0)).toBe(true);
  });

  it('asks a model that reasons in its own words, and takes figures of three digits within the last one', async () => {
    const reasoning = await fakeModelServer((request) => {
      const refused = ['max_tokens', 'temperature'].find((name) => name in request.body);
      return refused ? { status: 400, message: `Unsupported: '${refused}'` } : tuningModel(request);
    });
    const words = ['--base-url', reasoning.baseURL, '--model', 'o', '--no-key', ...tiny()];
    const arms = ['--methods', 'llambo', '--contexts', 'none', '--dir', join(folder, 'reasoning')];
    const line = [...words, ...arms, '--objective', `${objective} --wrong largest_scale=302`];
    await expect(here(line)).rejects.toThrow(/Unsupported: 'max_tokens'/);
    await here([...line, '--token-limit-name', 'max_completion_tokens', '--no-temperature']);
    expect(await readCsv('reasoning', 'trials.csv')).toHaveLength(5);
    await reasoning.close();
  });

  it('replays recorded replies without an endpoint', async () => {
    const words = [...tiny(), '--methods', 'llambo-generative', '--contexts', 'none', '--warm-start'];
    const replies = join(folder, 'replies.jsonl');
    const before = server.requests.length;
    await here([...withKey(), ...words, '--record', replies, '--dir', join(folder, 'recorded')]);
    const made = server.requests.length;
    expect(made).toBeGreaterThan(before);
    expect(await readFile(replies, 'utf8')).not.toContain(key);
    await here([...words, '--replay', replies, '--dir', join(folder, 'replayed')]);
    expect(server.requests.length).toBe(made);
    expect(await evaluated('replayed')).toEqual(await evaluated('recorded'));
  });

  it.each([
    ['no endpoint', [], '--base-url is undefined'],
    ['no prices', ['URL', '--model', 'small', '--max-cost', '1'], 'with --price-input and --price-output'],
    ['one price', ['URL', '--model', 'small', '--price-input', '1'], '--price-output is undefined'],
    ['no such file', ['--replay', 'nowhere.jsonl'], '--replay is "nowhere.jsonl", allowed is a file'],
    ['no such folder', ['URL', '--model', 'small', '--no-key', '--record', 'none/r.jsonl'], '--record is'],
    ['two sources of the key', ['URL', '--model', 'small', '--no-key', '--key-file', 'a'], 'the key is'],
    ['another key', ['URL', '--model', 'small', '--key-environment', 'WRONG_KEY'], 'small: '],
    ['no key', ['URL', '--model', 'small', '--key-file', 'nowhere'], 'no key in the file nowhere'],
    ['another model', ['URL', '--model', 'large', '--no-key'], 'large: '],
    ['no such program', ['--objective', 'no-such-program-here'], 'no-such-program-here'],
    ['other samples', wrong('samples=7'), 'its samples are 7, those of the card 142'],
    [
      'another correlation',
      wrong('correlated_pairs=15'),
      'its correlated_pairs are 15, those of the card 16',
    ],
    ['another scale', wrong('largest_scale=300'), 'its largest_scale are 300, those of the card 303'],
    ['a fact that is missing', wrong('median_skewness='), 'its median_skewness are undefined'],
    ['a class too small', wrong('smallest_class=41'), 'its smallest_class are 41, those of the card 42'],
  ])('says what is wrong before the first trial: %s', async (_, words, message) => {
    vi.stubEnv('WRONG_KEY', 'sk-wrong');
    const line = words.flatMap((word) => (word === 'URL' ? ['--base-url', server.baseURL] : [word]));
    const error: Error = await here([...tiny(), ...line, '--dir', join(folder, 'wrong')]).then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(OptimizationError);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('sk-wrong');
    expect(existsSync(join(folder, 'wrong/studies'))).toBe(false);
  });

  it('does not begin a budget again in a folder of an earlier version', async () => {
    const dir = join(folder, 'earlier');
    await mkdir(dir);
    await writeFile(join(dir, 'ledger.json'), '{"promptTokens":1}');
    const line = [...tiny(), '--base-url', server.baseURL, '--model', 'small', '--no-key', '--dir', dir];
    await expect(here(line)).rejects.toThrow(/^--dir is .*ledger\.json is the account of an earlier version/);
  });

  it('has help, and refuses unknown names and numbers', async () => {
    const help = await start(['--help']);
    expect(help.code).toBe(0);
    for (const flag of ['--base-url', '--model', '--max-cost', '--contexts', '--warm-start', '--objective'])
      expect(help.stdout).toContain(flag);
    const refused = (words: string[]) =>
      command()
        .exitOverride()
        .configureOutput({ writeErr: () => undefined })
        .parse(words, { from: 'user' });
    expect(() => refused(['--learners', 'SVM,GPT'])).toThrow('Allowed are RandomForest, SVM');
    expect(() => refused(['--trials', '0'])).toThrow('a whole number from 1');
    expect(() => refused(['--price-input', '-1'])).toThrow('a number from 0');
    const ended = await start([...tiny(), '--dir', 'wrong']);
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('--base-url is undefined')]);
  });
});
