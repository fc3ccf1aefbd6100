import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { LanguageModel } from '@foothold/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LanguageModelError } from '../errors.ts';
import { timeLimitedModel } from '../limits/time-limited-model.ts';
import { type LanguageModelOptions, languageModel } from './language-model.ts';

const key = 'sk-very-secret-0123456789';
const open: Server[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A model behind a server that answers with whatever bytes the test wants. */
async function behind(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
  options: Partial<LanguageModelOptions> = {},
): Promise<LanguageModel> {
  const server = createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    answer(response, request);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('FOOTHOLD_LLM_KEY', key);
  return languageModel({ baseURL: `http://127.0.0.1:${port}/v1`, model: 'hostile', ...options });
}

const request = { prompt: 'say hello', maxTokens: 20 };
const failureOf = async (model: LanguageModel): Promise<LanguageModelError> => {
  const error = await Promise.resolve(model.complete(request)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LanguageModelError);
  return error as LanguageModelError;
};

const usage = { prompt_tokens: 3, completion_tokens: 2 };
/** A whole answer with this content and usage. */
const whole = (content: unknown, counted: unknown = usage) =>
  JSON.stringify({
    choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: counted,
  });
const event = (delta: object, reason: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: reason }] })}`;
const events = [event({ content: 'hel' }), event({ content: 'lo' }), event({}, 'stop'), 'data: [DONE]'];
const stream = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
/** Writes until the client has gone. */
const writeForEver = (response: ServerResponse, text: string) => {
  const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write(text)), 1);
};

describe('a stream', () => {
  it.each([
    ['\n', ''],
    ['\r\n', ''],
    ['\r', ''],
    ['\n', '\ufeff'],
    ['\n', ': a remark\n\n'],
  ])('is read with line ends %j after %j', async (end, before) => {
    const text = `${before}${events.map((line) => `${line}${end}${end}`).join('')}`;
    const model = await behind((response) => stream(response).end(text), { stream: true });
    expect((await model.complete(request)).texts).toEqual(['hello']);
  });

  it('is read where characters are cut in the middle, and bytes are no characters', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${event({ content: 'ключ 鍵 ' })}\n\ndata: {"choices":[{"delta":{"content":"`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`"}}]}\n\n${event({}, 'stop')}\n\n`),
    ]);
    const model = await behind(
      async (response) => {
        stream(response);
        for (const byte of bytes) {
          response.write(Uint8Array.of(byte));
          await new Promise((resolve) => setImmediate(resolve));
        }
        response.end();
      },
      { stream: true },
    );
    expect((await model.complete(request)).texts).toEqual(['ключ 鍵 \ufffd\ufffd']);
  });

  it.each([
    ['one line that never ends', 'x'.repeat(2 ** 16)],
    ['remarks without end', ': wait\n\n'.repeat(2 ** 13)],
    ['empty parts without end', `${event({ content: '' })}\n\n`.repeat(2 ** 9)],
  ])('ends at the most bytes that are read: %s', async (_, text) => {
    const closed = vi.fn();
    const model = await behind(
      (response) => {
        stream(response).on('close', closed);
        writeForEver(response, text);
      },
      { stream: true, maxReplyBytes: 2 ** 20 },
    );
    expect(await failureOf(model)).toMatchObject({ failure: 'reply-too-long', retry: false });
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
  });

  it('whose connection stays open after an error is ended by the client', async () => {
    const closed = vi.fn();
    const model = await behind(
      (response) => stream(response).on('close', closed).write('data: {"error":{"message":"busy"}}\n\n'),
      { stream: true },
    );
    expect(await failureOf(model)).toMatchObject({ failure: 'server', retry: true });
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
  });

  it('that stays open for ever ends with the time limit, and its connection too', async () => {
    const closed = vi.fn();
    const model = await behind(
      (response) =>
        stream(response)
          .on('close', closed)
          .write(`${events.join('\n\n')}\n\n`),
      { stream: true },
    );
    expect(await failureOf(timeLimitedModel(model, { limit: 200 }))).toMatchObject({ failure: 'time-limit' });
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
  });

  it.each([
    ['not JSON', 'data: {nope'],
    ['JSON of great depth', `data: {"choices":${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
    ['JSON of great depth without an end', `data: ${'['.repeat(1e5)}`],
  ])('with a part that is %s is no answer', async (_, part) => {
    const model = await behind((response) => stream(response).end(`${part}\n\n${events.join('\n\n')}\n\n`), {
      stream: true,
    });
    expect(await failureOf(model)).toMatchObject({ failure: 'invalid-reply' });
  });
});

describe('an answer', () => {
  it.each([
    ['of great depth', `{"choices":${'['.repeat(3e5)}${']'.repeat(3e5)}}`],
    ['with a prototype', `{"__proto__":{"polluted":true},${whole('hello').slice(1)}`],
    ['with a number in place of a text', whole(7)],
    ['that is a page', '<html>sign in</html>'],
    ['with usage beyond all numbers', whole('hello').replace('"prompt_tokens":3', '"prompt_tokens":1e999')],
  ])('%s is none', async (_, body) => {
    const model = await behind((response) => response.writeHead(200).end(body));
    expect(await failureOf(model)).toMatchObject({ failure: 'invalid-reply' });
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
  });

  it('is read past members of great depth, and with bytes that are no characters', async () => {
    const deep = `${whole('hello').slice(0, -1)},"more":${'['.repeat(1e5)}${']'.repeat(1e5)}}`;
    const [before, after] = whole('CUT').split('CUT');
    const bytes = Buffer.concat([Buffer.from(before!), Buffer.from([0xc0, 0x80, 0xff]), Buffer.from(after!)]);
    for (const [body, text] of [
      [deep, 'hello'],
      [bytes, '\ufffd\ufffd\ufffd'],
    ] as const) {
      const model = await behind((response) => response.writeHead(200).end(body));
      expect((await model.complete(request)).texts).toEqual([text]);
    }
  });

  it.each([
    [{ prompt_tokens: -5, completion_tokens: -7 }, 73, 20],
    [{ prompt_tokens: 0, completion_tokens: 0 }, 73, 20],
    [{ prompt_tokens: 3, completion_tokens: -7 }, 3, 20],
    [{ prompt_tokens: 2.5, completion_tokens: 0.25 }, 3, 1],
    [{ prompt_tokens: 3, completion_tokens: 0 }, 3, 0],
    [{ prompt_tokens: 1e300, completion_tokens: 2 }, Number.MAX_SAFE_INTEGER, 2],
    [{ ...usage, prompt_tokens_details: { cached_tokens: 1e9 } }, 3, 2],
  ])(
    'with the usage %j has whole numbers of tokens, the worst case where it tells none',
    async (...given) => {
      const [counted, promptTokens, completionTokens] = given;
      const model = await behind((response) => response.writeHead(200).end(whole('hello', counted)));
      const made = (await model.complete(request)).usage;
      expect(made).toMatchObject({ promptTokens, completionTokens });
      expect(made.cachedTokens ?? 0).toBeLessThanOrEqual(promptTokens);
    },
  );

  it('that is small and becomes large is read no further', async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 26, ' '));
    const model = await behind((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    expect(await failureOf(model)).toMatchObject({ failure: 'reply-too-long' });
  });

  it.each([204, 205, 304, 999])('with the status %i and no content is a failure', async (status) => {
    const model = await behind((response) => response.writeHead(status).end());
    await failureOf(model);
  });

  it('with the status of an error keeps its meaning, however long it is', async () => {
    const model = await behind(
      (response) => {
        response.writeHead(429, { 'retry-after': '7' });
        writeForEver(response, 'x'.repeat(2 ** 16));
      },
      { maxReplyBytes: 2 ** 18 },
    );
    expect(await failureOf(model)).toMatchObject({ failure: 'rate-limited', status: 429, retryAfter: 7000 });
  });
});

describe('the key', () => {
  it('goes to no other host, to which an answer may lead', async () => {
    const keys: unknown[] = [];
    const model = await behind((response, { url, headers, socket }) => {
      if (url !== '/elsewhere')
        return response.writeHead(307, { location: `http://localhost:${socket.localPort}/elsewhere` }).end();
      keys.push(headers.authorization);
      return response.writeHead(200).end(whole('hello'));
    });
    await Promise.resolve(model.complete(request)).catch(() => undefined);
    expect(keys.every((sent) => sent === undefined)).toBe(true);
  });

  it.each([
    ['marks that are not seen', [...key].join('\u200b')],
    ['control characters', `${key.slice(0, 9)}\u0007${key.slice(9)}`],
    ['blanks and line breaks', `${key.slice(0, 9)} \n ${key.slice(9)}`],
    ['much text before it', `${'x'.repeat(290)} ${key}`],
  ])('is not shown with %s in it', async (_, hidden) => {
    const model = await behind((response) =>
      response.writeHead(400).end(JSON.stringify({ error: { message: `wrong key ${hidden}` } })),
    );
    const { message } = await failureOf(model);
    expect(message.replaceAll(/[\s\p{C}]/gu, '')).not.toContain(key);
    expect(message).not.toContain(key.slice(0, 9));
  });

  it('that an endpoint repeats in its answer is in no completion, but a word of a local server stays', async () => {
    const repeat = (response: ServerResponse, { headers }: IncomingMessage) =>
      response.writeHead(200).end(whole(`the key is ${headers.authorization?.replace('Bearer ', '')}`));
    const model = await behind(repeat);
    expect((await model.complete(request)).texts).toEqual(['the key is (key)']);
    const local = await behind(repeat);
    vi.stubEnv('FOOTHOLD_LLM_KEY', 'key');
    expect((await local.complete(request)).texts).toEqual(['the key is key']);
  });
});
