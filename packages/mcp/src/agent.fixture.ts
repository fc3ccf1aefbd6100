import type { Storage } from '@foothold/core';
import { serveStudies } from '@foothold/server';
import { memoryStorage } from '@foothold/study';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { expect } from 'vitest';
import { type AllowedCommands, studyTools } from './index.ts';
import { toolsServer } from './tools-server.ts';

export type Content = Readonly<Record<string, unknown>>;
const open: (() => Promise<void>)[] = [];
/** Ends every agent and its server. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0)) await close();
}

const token = 'a-token-of-this-test';

/** The SDK's client on tools over a storage in memory. */
export async function connected({
  storage = memoryStorage(),
  allowed,
}: {
  readonly storage?: Storage;
  readonly allowed?: AllowedCommands;
} = {}) {
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const server = serveStudies({ storage, token, clock: () => Date.now(), onError });
  const tools = studyTools({ server: { ...server, token }, storage, version: '1', allowed, onError });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await toolsServer(tools).connect(ours);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(theirs);
  open.push(async () => {
    await client.close();
    await tools.close();
    server.close();
  });
  const answer = async (name: string, given: Content = {}) => {
    const { structuredContent, content, isError } = await client.callTool({ name, arguments: given });
    const [text] = content as readonly { readonly text: string }[];
    expect(JSON.parse(text!.text)).toEqual(structuredContent);
    return { isError: isError === true, content: structuredContent as Content };
  };
  const call = async (name: string, given: Content = {}) => {
    const { isError, content } = await answer(name, given);
    expect(isError, JSON.stringify(content)).toBe(false);
    return content;
  };
  const refusal = async (name: string, given: Content = {}) => {
    const { isError, content } = await answer(name, given);
    expect(isError, JSON.stringify(content)).toBe(true);
    return content['error'] as Content;
  };
  return { client, call, refusal, errors, storage, tools };
}

/** A space of one parameter. */
export const line = { x: { type: 'real', low: -1, high: 1 } };
/** The first trial of an ask. */
export const trialOf = (asked: Content) =>
  (asked['trials'] as readonly { readonly number: number; readonly params: Content }[])[0]!;

/** A study `s` of one parameter with so many complete trials. */
export async function studied(trials: number, more: Content = {}) {
  const agent = await connected();
  await agent.call('create', { name: 's', space: line, sampler: 'random', ...more });
  for (let k = 0; k < trials; k++) {
    const { number, params } = trialOf(await agent.call('ask', { study: 's' }));
    await agent.call('tell', { study: 's', number, value: (params['x'] as number) ** 2 });
  }
  return agent;
}
