import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptimizationError } from '@foothold/core';
import { random } from '@foothold/optimize';
import { spaceOf } from '@foothold/space';
import { createStudy, fileStorage } from '@foothold/study';
import {
  type FakeModelRequest,
  type FakeModelServer,
  type FakeModelServerOptions,
  fakeModelServer,
} from '@foothold/testing/fake-model-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, startIn } from './command.fixture.ts';
import { type ExplainOptions, explain as explainCommand } from './commands/explain.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-explain-'));
const servers: FakeModelServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const key = 'fk-0123456789abcdef';
const space = spaceOf({
  x1: { type: 'real', low: 0, high: 1, default: 0.9 },
  layer: { type: 'categorical', choices: ['conv2d', 'dense'], default: 'dense' },
});

beforeAll(async () => {
  const storage = fileStorage(join(folder, 'foothold-studies'));
  const study = createStudy({
    space,
    sampler: random(),
    direction: 'minimize',
    storage,
    name: 'net-7',
    seed: 1,
  });
  await study.enqueue({ x1: 0.9, layer: 'dense' });
  for (let k = 0; k < 14; k++) {
    const { number, params } = await study.ask();
    const { x1, layer } = params as { x1: number; layer: string };
    const value = (x1 - 0.3) ** 2 + (layer === 'dense' ? 0.1 : 0);
    await study.tell(
      number,
      k === 5
        ? { state: 'failed', reason: `\u001b[31mCUDA error 700, token=${key}` }
        : { state: 'complete', value },
    );
  }
});

/** `foothold explain` as a user runs it. */
async function explain(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandRun> {
  const run = startIn(folder, ['explain', ...args], env);
  const code = await run.ended;
  return { code: typeof code === 'number' ? code : null, out: run.out(), err: run.err() };
}

async function served(
  script: Parameters<typeof fakeModelServer>[0],
  options: FakeModelServerOptions = { models: ['fake'] },
) {
  const server = await fakeModelServer(script, options);
  servers.push(server);
  return { server, line: ['--model', 'fake', '--base-url', server.baseURL] };
}

/** The figure of this name in the prompt. */
const figureIn = ({ prompt }: FakeModelRequest, name: string) =>
  new RegExp(`^- ${name}: (\\S+)`, 'm').exec(prompt)![1]!;

/** A text whose numbers are figures of the prompt, rounded. */
const rightText = (request: FakeModelRequest) =>
  [
    `After ${figureIn(request, 'trials in all')} trials the best value is ${Number(figureIn(request, 'best value')).toPrecision(2)}, with conv2d.`,
    `\`x1\` explains ${(100 * Number(figureIn(request, 'importance of x1 alone'))).toFixed(0)} % alone; one trial failed with CUDA error 700.`,
  ].join('\n\n');

describe('foothold explain', { timeout: 120_000 }, () => {
  it('prints the figures without a model', async () => {
    const { code, out, err } = await explain(['net-7']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^study\s+net-7$/m);
    expect(out).toMatch(/^trials\s+14: 13 complete, 1 failed$/m);
    expect(out).toMatch(/^gain .* over the default configuration/m);
    expect(out).toMatch(/^importance\s+x1 \d/m);
    expect(out.match(/^next /gm)).toHaveLength(3);
    expect(out).toMatch(/^failed\s+1 × CUDA error 700, token=\*\*\*$/m);
  });

  it('has no secret in its JSON either', async () => {
    const { code, out, err } = await explain(['net-7', '--json']);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out).failures).toEqual([
      { reason: expect.stringMatching(/CUDA error 700, token=\*\*\*$/), trials: 1 },
    ]);
    expect(out).not.toContain(key);
  });

  it('prints the text of a model whose numbers are right, with the figures, and sends no secret', async () => {
    const { server, line } = await served(rightText, { models: ['fake'], key });
    const { code, out, err } = await explain(['net-7', ...line, '--max-tokens', '20000'], {
      FOOTHOLD_LLM_KEY: key,
    });
    expect([code, err]).toEqual([0, expect.stringMatching(/^language model: 1 call, \d+ tokens\n$/)]);
    expect(out).toMatch(/^After 14 trials the best value is /);
    expect(out).toContain('Written by fake.');
    expect(out).toMatch(/^importance\s+x1 /m);
    const { prompt, system } = server.requests[0]!;
    expect(`${prompt}${system}${out}${err}`).not.toContain(key);
    expect(`${prompt}${out}`).not.toContain('\u001b');
  });

  it('refuses a text with a wrong number, asks once more, and then leaves the figures with a note', async () => {
    const wrong = (request: FakeModelRequest) => rightText(request).replace('After 14', 'After 15');
    const { server, line } = await served(wrong);
    const { code, out, err } = await explain(['net-7', ...line, '--no-key']);
    expect(code).toBe(0);
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]!.prompt).toContain('- "15": no figure has this value');
    expect(err).toContain(
      'There is no text, only the figures: that of fake was refused twice, since it has wrong numbers: “15”',
    );
    expect(out).not.toContain('After');
    expect(out).toMatch(/^study\s+net-7$/m);
    // Right at the second time.
    const second = await served((request) => (request.number === 0 ? wrong(request) : rightText(request)));
    expect((await explain(['net-7', ...second.line, '--no-key'])).out).toMatch(/^After 14 trials/);
  });

  it('writes Markdown in which the text of the model is text, and the figures as JSON', async () => {
    const { line } = await served(
      () =>
        'The best <b>trial</b> [here](https://evil.example) ![x](http://evil.example/p) <script>alert()</script> & `x1`.\u001b[J',
    );
    const { code, out } = await explain(['net-7', ...line, '--no-key', '--out', 'found.md', '--json']);
    expect(code).toBe(0);
    const { best, model, report } = JSON.parse(out);
    expect(report.state).toBe('written');
    expect(best.params.layer).toBe('conv2d');
    expect(model.importance.map((one: { readonly name: string }) => one.name).sort()).toEqual([
      'layer',
      'x1',
    ]);
    const text = readFileSync(join(folder, 'found.md'), 'utf8');
    expect(text).toMatch(/^# Study net-7\n\nThe best &lt;b&gt;trial/);
    expect(text).not.toMatch(/<[a-z]|(?<!\\)\[|https?:\/\//);
    expect(text).not.toContain('\u001b');
    expect(text).toMatch(/^\| importance \| x1 /m);
  });

  it.each<[string, { readonly [key in keyof ExplainOptions]?: unknown }, string]>([
    ['no address', { baseUrl: undefined }, '--base-url'],
    ['an address with a password', { baseUrl: 'http://me:secret@127.0.0.1/v1' }, 'without a password'],
    ['a flag without a model', { model: undefined }, '--base-url goes with --model'],
    ['a budget without prices', { maxCost: 1 }, '--price-input'],
    ['a budget of 0', { maxCost: 0, priceInput: 1, priceOutput: 1 }, 'maxCost'],
    ['one price', { priceInput: 1 }, 'go together'],
    ['two keys', { keyEnv: 'A', key: false }, 'only one'],
    ['no key', {}, 'no key in the environment variable FOOTHOLD_LLM_KEY'],
    ['an empty key file', { keyFile: join(folder, 'empty') }, 'no key in the file'],
    ['nobody at the address', { key: false }, 'language model fake'],
  ])('ends with %s before it computes or prints anything', async (_, over, message) => {
    writeFileSync(join(folder, 'empty'), '\n');
    const storage = join(folder, 'foothold-studies');
    const options = { storage, model: 'fake', baseUrl: 'http://127.0.0.1:1/v1', key: true, ...over };
    const error = await explainCommand('net-7', options as unknown as ExplainOptions).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(OptimizationError);
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain('secret');
  });

  it('ends with a key that is refused and a model that is not there, and keeps the key to itself', async () => {
    const { server } = await served(() => 'text', { models: ['other'], key });
    const at = (model: string) => ['net-7', '--model', model, '--base-url', server.baseURL];
    writeFileSync(join(folder, 'wrong-key'), 'fk-wrong-key-value\n');
    const refused = await explain([...at('other'), '--key-file', 'wrong-key']);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('refuses the key');
    expect(refused.err).not.toContain('fk-wrong-key-value');
    const unknown = await explain([...at('fake'), '--key-env', 'MY_KEY'], { MY_KEY: key });
    expect([unknown.code, unknown.out]).toEqual([1, '']);
    expect(unknown.err).toContain('language model fake');
    expect(unknown.err).not.toContain(key);
    expect(server.requests).toHaveLength(0);
  });

  it('leaves the figures where the budget does not allow a text', async () => {
    const { server, line } = await served(() => 'text');
    const { code, out, err } = await explain(['net-7', ...line, '--no-key', '--max-tokens', '50']);
    expect(code).toBe(0);
    expect(err).toContain(
      'There is no text, only the figures: the budget of 50 tokens does not allow this call',
    );
    expect(out).toMatch(/^study\s+net-7$/m);
    expect(server.requests).toHaveLength(0);
  });
});
