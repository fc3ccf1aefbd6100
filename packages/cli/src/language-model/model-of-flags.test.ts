import { ledger, tokenLimitNames } from '@foothold/llm';
import { type FakeModelServer, fakeModelServer } from '@foothold/testing/fake-model-server';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { modelOfFlags } from './model-of-flags.ts';
import { type ModelFlags, withModelOptions } from './model-options.ts';

const servers: FakeModelServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
});

/** Refuses what the models that reason refuse, in the provider's words. */
async function reasoningServer() {
  const server = await fakeModelServer(({ body }) => {
    if ('max_tokens' in body)
      return {
        status: 400,
        message:
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      };
    if ('temperature' in body)
      return {
        status: 400,
        message:
          "Unsupported value: 'temperature' does not support 0.8 with this model. Only the default (1) value is supported.",
      };
    return 'thought';
  });
  servers.push(server);
  return server;
}

const parsed = (words: readonly string[]): ModelFlags =>
  withModelOptions(new Command().exitOverride().configureOutput({ writeErr: () => undefined }), '--model')
    .parse([...words], { from: 'user' })
    .opts();

describe('a model that reasons', () => {
  const request = { prompt: 'Propose', maxTokens: 50, temperature: 0.8 };
  const modelOf = async (server: FakeModelServer, ...words: readonly string[]) =>
    modelOfFlags({
      ...{ name: 'o', flag: '--model', maxCost: { flag: '--max-cost', value: undefined } },
      flags: parsed(['--base-url', server.baseURL, '--no-key', ...words]),
    }).limited(ledger());

  it('is asked in its own words by two flags, each of which it needs', async () => {
    const server = await reasoningServer();
    const words = ['--token-limit-name', 'max_completion_tokens', '--no-temperature'];
    expect((await (await modelOf(server, ...words)).complete(request)).texts).toEqual(['thought']);
    expect(server.requests[0]!.body).toMatchObject({ max_completion_tokens: 50, model: 'o' });
    for (const [given, name] of [
      [[], 'max_tokens'],
      [words.slice(0, 2), 'temperature'],
      [words.slice(2), 'max_tokens'],
    ] as const) {
      const refused = (await modelOf(server, ...given)).complete(request);
      await expect(refused).rejects.toMatchObject({ failure: 'refused', status: 400 });
      await expect(refused).rejects.toThrow(`'${name}'`);
    }
  });

  it('has no other name of the limit', () => {
    for (const name of tokenLimitNames)
      expect(parsed(['--token-limit-name', name]).tokenLimitName).toBe(name);
    expect(() => parsed(['--token-limit-name', 'tokens'])).toThrow('max_tokens, max_completion_tokens');
    expect(parsed([])).not.toHaveProperty('tokenLimitName');
  });
});
