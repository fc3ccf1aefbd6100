import { InvalidArgumentError } from '@foothold/core';
import {
  type FakeModelReply,
  type FakeModelServer,
  fakeModelServer,
} from '@foothold/testing/fake-model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { languageModel } from '../access/language-model.ts';
import { ledger } from '../limits/ledger.ts';
import { limitedModel } from '../limits/limited-model.ts';
import type { ReportFigure } from './report-figure.ts';
import { writtenReport } from './written-report.ts';

const open: FakeModelServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const figures: readonly ReportFigure[] = [
  { name: 'trials', value: 48, kind: 'count' },
  { name: 'best value', value: 0.031279, kind: 'quantity' },
  { name: 'importance of lr', value: 0.6218, kind: 'share', about: ['lr'] },
];
const facts = ['goal: minimize loss', 'failure: \u001b[31mout of\nmemory'];

async function report(replies: readonly FakeModelReply[], budget?: number) {
  const server = await fakeModelServer(({ number }) => replies[number]!);
  open.push(server);
  const endpoint = languageModel({ baseURL: server.baseURL, model: 'fake', key: 'none' });
  const account = ledger(budget === undefined ? {} : { maxTokens: budget });
  const model = limitedModel(endpoint, { ledger: account, retry: { retries: 0 } });
  return { server, made: await writtenReport(model, { figures, facts }) };
}

describe('a written report', () => {
  it('is the text of the model where each number is right', async () => {
    const text = 'After 48 trials the best value is 0.0313.\n\n`lr` explains 62 %.';
    const { made, server } = await report([`<think>7 and 8</think>${text}`]);
    expect(made).toEqual({ state: 'written', text });
    const { prompt } = server.requests[0]!;
    for (const line of [
      '- trials: 48',
      '- best value: 0.031279',
      '- importance of lr: 0.6218 (a share of 1)',
    ])
      expect(prompt).toContain(line);
    expect(prompt).toContain('- failure: [31mout of memory');
  });

  it('is asked for once more where a number is wrong, which the second question names', async () => {
    const { made, server } = await report(['The best value is 0.0314.', 'The best value is 0.0313.']);
    expect(made).toEqual({ state: 'written', text: 'The best value is 0.0313.' });
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]!.prompt).toContain('- "0.0314": no figure has this value');
  });

  it.each([
    ['The best value is 0.0314.', ['0.0314']],
    ['', []],
    ['<think>The best value is', []],
  ])('is refused where the second text is %j', async (text, numbers) => {
    const { made, server } = await report(['Five.', text]);
    expect(made).toMatchObject({ state: 'refused', wrong: numbers.map((number) => ({ text: number })) });
    expect(server.requests).toHaveLength(2);
  });

  it('is plain text of some length: no escape sequences, nothing unseen between digits, a cut at a blank', async () => {
    const { made } = await report([`\u001b]title\u0007It \u202eis 0.03\u200b13.\r\n\n\n\nwords`]);
    expect(made).toEqual({ state: 'written', text: ']title It is 0.0313.\n\nwords' });
    const long = await report(['word '.repeat(5000)]);
    expect(long.made).toMatchObject({ state: 'written' });
    if (long.made.state === 'written') {
      expect(long.made.text.length).toBeLessThanOrEqual(6001);
      expect(long.made.text.endsWith('word…')).toBe(true);
    }
  });

  it('fails with the reason where the model or its budget does', async () => {
    expect((await report([{ status: 503, message: 'busy' }])).made).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('busy'),
    });
    const { made, server } = await report(['text'], 100);
    expect(made).toMatchObject({ state: 'failed', failure: expect.stringContaining('budget of 100 tokens') });
    expect(server.requests).toHaveLength(0);
  });

  it('refuses figures that are not finite, and counts that are not whole', async () => {
    const model = languageModel({ baseURL: 'http://127.0.0.1:1/v1', model: 'fake', key: 'none' });
    for (const figure of [
      { name: 'a', value: Number.NaN, kind: 'quantity' },
      { name: 'b', value: 1.5, kind: 'count' },
    ] as const)
      await expect(writtenReport(model, { figures: [figure], facts })).rejects.toThrow(InvalidArgumentError);
  });
});
