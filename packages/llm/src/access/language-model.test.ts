import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { InvalidArgumentError, type LanguageModel } from '@foothold/core';
import {
  type FakeModelReply,
  type FakeModelRequest,
  type FakeModelServer,
  fakeModelServer,
} from '@foothold/testing/fake-model-server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LanguageModelError } from '../errors.ts';
import { checkLanguageModel } from './check-language-model.ts';
import { type LanguageModelOptions, languageModel } from './language-model.ts';

const open: FakeModelServer[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map((server) => server.close()));
});

type Script = FakeModelReply | ((request: FakeModelRequest) => FakeModelReply);

async function served(
  script: Script,
  options: Partial<LanguageModelOptions> = {},
  limits: Parameters<typeof fakeModelServer>[1] = {},
) {
  const server = await fakeModelServer(
    (request) => (typeof script === 'function' ? script(request) : script),
    limits,
  );
  open.push(server);
  const model = languageModel({ baseURL: server.baseURL, model: 'fake', key: 'none', ...options });
  return { server, model };
}

const request = { prompt: 'say hello', maxTokens: 20 };

async function failureOf(model: LanguageModel, over = {}): Promise<LanguageModelError> {
  try {
    await model.complete({ ...request, ...over });
  } catch (error) {
    if (error instanceof LanguageModelError) return error;
    throw error;
  }
  throw new Error('no failure');
}

describe('languageModel', () => {
  it('sends the request in the form of chat completions, and gives texts and usage back', async () => {
    const { server, model } = await served('hello');
    const made = await model.complete({
      ...request,
      system: 'be short',
      temperature: 0.3,
      seed: 7,
      count: 3,
    });
    expect(made).toEqual({
      texts: ['hello', 'hello', 'hello'],
      usage: { promptTokens: 5, cachedTokens: 0, completionTokens: 6 },
    });
    expect(server.requests[0]).toMatchObject({
      ...{ model: 'fake', system: 'be short', prompt: 'say hello', count: 3, maxTokens: 20 },
      ...{ temperature: 0.3, seed: 7, logProbabilities: undefined, isStream: false, key: undefined },
    });
  });

  it('reads log-probabilities of every completion', async () => {
    const tokens = [
      {
        token: '0',
        logprob: -0.1,
        top_logprobs: [
          { token: '0', logprob: -0.1 },
          { token: '1', logprob: -2.4 },
        ],
      },
    ];
    const { server, model } = await served({ texts: ['0', '0'], logProbabilities: [tokens, tokens] });
    const { logProbabilities } = await model.complete({ ...request, count: 2, logProbabilities: 2 });
    expect(server.requests[0]!.logProbabilities).toBe(2);
    expect(logProbabilities).toHaveLength(2);
    expect(logProbabilities![1]).toEqual([
      {
        token: '0',
        logProbability: -0.1,
        alternatives: [
          { token: '0', logProbability: -0.1 },
          { token: '1', logProbability: -2.4 },
        ],
      },
    ]);
  });

  it('reads a stream as the same text', async () => {
    const text = 'a rather long text, longer than a part of the stream';
    const { server, model } = await served(text, { stream: true });
    expect(await model.complete({ ...request, count: 2 })).toEqual({
      texts: [text],
      usage: { promptTokens: 3, cachedTokens: 0, completionTokens: 13 },
    });
    expect(server.requests[0]).toMatchObject({ isStream: true, count: 1 });
  });

  it('counts the worst case where the provider tells no usage', async () => {
    const { model } = await served({ texts: ['hello'], usage: null });
    const { usage } = await model.complete(request);
    expect(usage).toEqual({ promptTokens: 9 + 64, completionTokens: 20 });
  });

  it.each([
    [401, 'unauthorized', false],
    [403, 'unauthorized', false],
    [404, 'unknown-model', false],
    [400, 'refused', false],
    [413, 'refused', false],
    [429, 'rate-limited', true],
    [500, 'server', true],
    [503, 'server', true],
  ])('tells what status %i means: %s, retry %s', async (status, failure, retry) => {
    const { model } = await served({ status, message: 'no \u001b[31mred\u001b[0m\n text' });
    const error = await failureOf(model);
    expect(error).toMatchObject({ failure, retry, status, isPaid: false, model: 'fake' });
    expect(error.message).toContain('no [31mred [0m text');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(error.message).not.toMatch(/[\u0000-\u001f]/);
  });

  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after-ms': '250' }, 250],
    [{ date: 'Sun, 29 Nov 2026 10:00:00 GMT', 'retry-after': 'Sun, 29 Nov 2026 10:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'soon' }, undefined],
  ])('reads when to come back from %j', async (headers, retryAfter) => {
    const { model } = await served({ status: 429, headers });
    expect((await failureOf(model)).retryAfter).toBe(retryAfter);
  });

  it.each([false, true])(
    'says that an answer was cut off, which may be paid (stream: %s)',
    async (stream) => {
      const { model } = await served({ texts: ['hello '.repeat(100)], cutAfter: 150 }, { stream });
      expect(await failureOf(model)).toMatchObject({ failure: 'server', retry: true, isPaid: true });
    },
  );

  it.each(['not json', '{}', '{"choices":[]}', '[1,2]', ''])(
    'says that an answer of %j is none',
    async (raw) => {
      const { model } = await served({ raw });
      expect(await failureOf(model)).toMatchObject({ failure: 'invalid-reply', isPaid: true });
    },
  );

  it('says that nobody answers at the address, which costs nothing', async () => {
    const { server, model } = await served('hello');
    await server.close();
    expect(await failureOf(model)).toMatchObject({ failure: 'unreachable', retry: true, isPaid: false });
    await expect(checkLanguageModel(model)).rejects.toMatchObject({ failure: 'unreachable' });
  });

  it('reads no more of an answer than it may', async () => {
    const { model } = await served('word '.repeat(1_000_000), { maxReplyBytes: 100_000 });
    expect(await failureOf(model)).toMatchObject({ failure: 'reply-too-long', retry: false, isPaid: true });
  });

  it('gives back a reply of a million tokens as it is', async () => {
    const { model } = await served('abcd'.repeat(1_000_000));
    const { texts, usage } = await model.complete(request);
    expect(texts[0]!.length).toBe(4_000_000);
    expect(usage.completionTokens).toBe(1_000_000);
  });

  it('stops when the signal says so, with its reason', async () => {
    const { server, model } = await served('silence');
    const stop = new AbortController();
    const call = Promise.resolve(model.complete({ ...request, signal: stop.signal }));
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    stop.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });

  it('names the limit of tokens as the provider does, and passes further members on', async () => {
    const { server, model } = await served('hello', {
      tokenLimitName: 'max_completion_tokens',
      body: { reasoning_effort: 'low' },
    });
    await model.complete(request);
    expect(server.requests[0]!.body).toMatchObject({ max_completion_tokens: 20, reasoning_effort: 'low' });
    expect(server.requests[0]!.body).not.toHaveProperty('max_tokens');
  });

  it.each(['ftp://a/v1', 'nothing', 'http://user:secret@127.0.0.1/v1', 'http://127.0.0.1/v1?key=secret'])(
    'refuses the address %s and shows no password',
    (baseURL) => {
      const attempt = () => languageModel({ baseURL, model: 'fake' });
      expect(attempt).toThrow(InvalidArgumentError);
      expect(attempt).not.toThrow(/secret/);
    },
  );

  it('loads the AI SDK with the first call, not before', async () => {
    const { readFileSync, readdirSync } = await import('node:fs');
    const src = join(import.meta.dirname, '..');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const loading = files.filter((name) =>
      /^import (?!type).*from '(@ai-sdk|zod)/m.test(readFileSync(join(src, name), 'utf8')),
    );
    expect(loading.filter((name) => !name.endsWith('.test.ts'))).toEqual([]);
  });
});

describe('the key', () => {
  const key = 'sk-very-secret-0123456789';

  it('comes from the variable or the file that the user names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'foothold-key-'));
    const file = join(folder, 'key');
    writeFileSync(file, `${key}\n`);
    vi.stubEnv('FOOTHOLD_LLM_KEY', key);
    vi.stubEnv('MY_KEY', key);
    try {
      for (const source of [undefined, { environment: 'MY_KEY' }, { file }]) {
        const { server, model } = await served('hello', { key: source }, { key });
        await model.complete(request);
        expect(server.requests[0]!.key).toBe(key);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is missed before anything is sent, by a message that says where it was looked for', async () => {
    vi.stubEnv('FOOTHOLD_LLM_KEY', undefined);
    const { server, model } = await served('hello', { key: undefined });
    const error = await failureOf(model);
    expect(error).toMatchObject({ failure: 'missing-key', retry: false });
    expect(error.message).toContain('FOOTHOLD_LLM_KEY');
    await expect(checkLanguageModel(model)).rejects.toMatchObject({ failure: 'missing-key' });
    const other = languageModel({ baseURL: server.baseURL, model: 'fake', key: { file: '/nowhere/key' } });
    expect((await failureOf(other)).message).toContain('/nowhere/key');
    expect(server.requests).toEqual([]);
  });

  it('is no value of the option, and the message does not show it', () => {
    const attempt = () =>
      languageModel({ baseURL: 'http://127.0.0.1/v1', model: 'fake', key: key as 'none' });
    expect(attempt).toThrow(InvalidArgumentError);
    expect(attempt).not.toThrow(new RegExp(key));
  });

  it.each([
    [{ status: 500, message: `the key ${key} is here` }],
    [{ status: 401, message: `Incorrect API key provided: ${key}` }],
    [{ raw: `${key}` }],
    [{ texts: [key], cutAfter: 60 }],
  ] as const)('is in no part of an error, whatever the provider says: %j', async (reply) => {
    vi.stubEnv('FOOTHOLD_LLM_KEY', key);
    const { model } = await served(reply, { key: undefined });
    const error = await failureOf(model);
    expect(inspect(error, { depth: 20, showHidden: true, maxStringLength: null })).not.toContain(key);
    expect(JSON.stringify(model)).not.toContain(key);
  });

  it.each(['a key\nwith lines', 'ключ'])('that HTTP cannot send is missing: %j', async (wrong) => {
    vi.stubEnv('FOOTHOLD_LLM_KEY', wrong);
    const { model } = await served('hello', { key: undefined });
    const error = await failureOf(model);
    expect(error.failure).toBe('missing-key');
    expect(error.message).not.toContain(wrong);
  });
});

describe('checkLanguageModel', () => {
  it('finds a listed model without a completion', async () => {
    const { server, model } = await served('hello', {}, { models: ['fake', 'other'] });
    await checkLanguageModel(model);
    expect(server.requests).toEqual([]);
  });

  it('names a model that the provider does not have, and asks for one token at most', async () => {
    const { model } = await served('hello', { model: 'fane' }, { models: ['fake'] });
    await expect(checkLanguageModel(model)).rejects.toMatchObject({ failure: 'unknown-model', status: 404 });
    const { server, model: unlisted } = await served('1');
    await checkLanguageModel(unlisted);
    expect(server.requests).toMatchObject([{ maxTokens: 1 }]);
  });

  it('names a key that is refused', async () => {
    vi.stubEnv('FOOTHOLD_LLM_KEY', 'wrong');
    const { model } = await served('hello', { key: undefined }, { key: 'right', models: ['fake'] });
    await expect(checkLanguageModel(model)).rejects.toMatchObject({ failure: 'unauthorized', status: 401 });
  });
});

describe('the further members of a request', () => {
  it.each(['max_tokens', 'max_completion_tokens', 'n', 'model', 'messages', 'stream', 'seed'])(
    'are none of its own: %s',
    (name) => {
      const make = () =>
        languageModel({ baseURL: 'http://127.0.0.1:1/v1', model: 'm', key: 'none', body: { [name]: 8000 } });
      expect(make).toThrow(`body.${name}`);
    },
  );
});
