import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, StorageError } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import { requestDigest } from '../request-digest.ts';
import { recordedFile, recordingFile } from './recorded-file.ts';
import { recordedModel } from './recorded-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-recorded-'));
afterAll(() => rmSync(folder, { recursive: true }));
const request = { prompt: 'say hello', maxTokens: 20 };

describe('recordedModel', () => {
  it('gives replies in order, and then no more', async () => {
    const model = recordedModel([
      'a',
      ['b', 'c'],
      { texts: ['d'], usage: { promptTokens: 1, completionTokens: 2 } },
    ]);
    expect((await model.complete({ ...request, count: 2 })).texts).toEqual(['a', 'a']);
    expect((await model.complete({ ...request, count: 2 })).texts).toEqual(['b', 'c']);
    expect(await model.complete(request)).toEqual({
      texts: ['d'],
      usage: { promptTokens: 1, completionTokens: 2 },
    });
    await expect(model.complete(request)).rejects.toMatchObject({ failure: 'refused' });
  });

  it('refuses replies that are none', () => {
    expect(() => recordedModel('a' as never)).toThrow(InvalidArgumentError);
  });
});

describe('recordingFile and recordedFile', () => {
  it('give back what a model said, by request, in any order and at once', async () => {
    const path = join(folder, 'replies.jsonl');
    const token = {
      token: 'a',
      logProbability: -Infinity,
      alternatives: [{ token: 'a', logProbability: -Infinity }],
    };
    const source = recordedModel(
      ({ prompt }) => ({
        texts: [`answer to ${prompt}`],
        usage: { promptTokens: 3, cachedTokens: 1, completionTokens: 4 },
        logProbabilities: [[token]],
      }),
      { name: 'real' },
    );
    const recording = recordingFile(source, path);
    const prompts = Array.from({ length: 20 }, (_, i) => `question ${i}`);
    const said = await Promise.all(prompts.map((prompt) => recording.complete({ ...request, prompt })));
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(20);
    const replay = await recordedFile(path);
    expect(replay.name).toBe('real');
    for (const i of [19, 0, 7])
      expect(await replay.complete({ ...request, prompt: prompts[i]! })).toEqual(said[i]);
    await expect(replay.complete({ ...request, prompt: prompts[0]!, seed: 1 })).rejects.toMatchObject({
      failure: 'refused',
    });
  });

  it.each(['{', '{"digest":"a"}', ''])('name the line that is no record: %j', async (line) => {
    const path = join(folder, 'wrong.jsonl');
    writeFileSync(path, `${line}\n`);
    await expect(recordedFile(path)).rejects.toThrow(line === '' ? 'one recorded reply' : 'line 1');
  });

  it('refuse a file that something else has written before the first call, and leave it as it is', async () => {
    const path = join(folder, 'notes.txt');
    writeFileSync(path, 'first\nmy last line');
    const recording = recordingFile(recordedModel(['a']), path);
    await expect(recording.check!({})).rejects.toThrow(StorageError);
    await expect(recording.complete(request)).rejects.toThrow(/notes.txt ends with "my last line"/);
    expect(readFileSync(path, 'utf8')).toBe('first\nmy last line');
    expect(await recordingFile(recordedModel(['a']), join(folder, 'new.jsonl')).check!({})).toBe(true);
  });

  it('take the model of a name from a file that two have written, and name both where none is given', async () => {
    const path = join(folder, 'two.jsonl');
    for (const name of ['large', 'small'])
      await recordingFile(recordedModel([`from ${name}`], { name }), path).complete(request);
    for (const name of ['large', 'small']) {
      const model = await recordedFile(path, { name });
      expect([model.name, (await model.complete(request)).texts]).toEqual([name, [`from ${name}`]]);
    }
    for (const name of [undefined, 'other'])
      await expect(recordedFile(path, { name })).rejects.toThrow(/^name is .*models in .*: large, small$/);
  });

  it('name the file that cannot be read', async () => {
    await expect(recordedFile(join(folder, 'none.jsonl'))).rejects.toThrow(InvalidArgumentError);
    await expect(recordedFile(folder)).rejects.toThrow(/^path is .*recorded replies.*EISDIR/);
  });

  const record = {
    ...{ digest: 'd', model: 'm', prompt: 'p' },
    completion: { texts: ['a'], usage: { promptTokens: 1, completionTokens: 1 } },
  };
  const line = JSON.stringify(record);

  it.each([
    ['a mark of the byte order', `\ufeff${line}\n`],
    ['line ends of Windows', `${line}\r\n\r\n`],
    ['members of great depth', `${line.slice(0, -1)},"more":${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
  ])('read %s', async (_, text) => {
    const path = join(folder, 'odd.jsonl');
    writeFileSync(path, text);
    expect((await recordedFile(path)).name).toBe('m');
  });

  it.each([
    ['cut in the middle', line.slice(0, 50)],
    ['of great depth', '['.repeat(1e6)],
    ['of great length', `{${'x'.repeat(1e7)}`],
    ['without a text', line.replace('["a"]', '[]')],
    ['with tokens beyond whole numbers', line.replace('"promptTokens":1', '"promptTokens":1e300')],
    ['with tokens below 0', line.replace('"promptTokens":1', '"promptTokens":-1')],
  ])('name a line %s on one short line', async (_, wrong) => {
    const path = join(folder, 'odd.jsonl');
    writeFileSync(path, `${line}\n${wrong}\n`);
    await expect(recordedFile(path)).rejects.toThrow(InvalidArgumentError);
    await expect(recordedFile(path)).rejects.toThrow(/line 2 is .{1,250}$/);
  });

  it('leave out a last line that a killed process did not finish, and go on behind the one before', async () => {
    const path = join(folder, 'torn.jsonl');
    writeFileSync(path, `${line}\n${line.slice(0, 50)}`);
    expect((await recordedFile(path)).name).toBe('m');
    const source = recordedModel(['first', 'second'], { name: 'm' });
    const recording = recordingFile(source, path);
    for (const prompt of ['1', '2']) await recording.complete({ prompt, maxTokens: 1 });
    const texts = readFileSync(path, 'utf8').trim().split('\n');
    expect(texts.map((text) => JSON.parse(text).completion.texts)).toEqual([['a'], ['first'], ['second']]);
    writeFileSync(path, line); // whole, and not ended
    await recordingFile(recordedModel(['third']), path).complete({ prompt: '3', maxTokens: 1 });
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([line, expect.stringContaining('third'), '']);
  });

  it('read probabilities above 1 as 1', async () => {
    const path = join(folder, 'odd.jsonl');
    const tokens = '[[{"token":"1","logprob":0,"logProbability":1e999,"alternatives":[]}]]';
    const request = { prompt: 'p', maxTokens: 1 };
    const digest = requestDigest('m', request);
    writeFileSync(
      path,
      line.replace('"d"', `"${digest}"`).replace('"usage"', `"logProbabilities":${tokens},"usage"`),
    );
    const { logProbabilities } = await (await recordedFile(path)).complete(request);
    expect(logProbabilities![0]![0]!.logProbability).toBe(0);
  });
});
