import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../../../tests/code-blocks.ts';
import { command, node, startIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-mcp-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const page = fileURLToPath(new URL('../../../docs/mcp.md', import.meta.url));
const blocks = codeBlocks(page);
const ofLanguage = (language: string) =>
  blocks.filter((block) => block.language === language).map(({ code }) => code.trim());

async function overStdio(args: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'page', version: '1' });
  await client.connect(
    new StdioClientTransport({ command: node, args: [...command, ...args], cwd: folder, stderr: 'ignore' }),
  );
  return client;
}

async function toolsOf(client: Client): Promise<readonly string[]> {
  const { tools } = await client.listTools();
  await client.close();
  return tools.map(({ name }) => name);
}

describe('docs/mcp.md', { timeout: 120_000 }, () => {
  it('has a configuration that starts it', async () => {
    const [block] = ofLanguage('json').map((code) => JSON.parse(code));
    const { command: program, args } = block.mcpServers.foothold;
    expect(program).toBe('foothold');
    expect(await toolsOf(await overStdio(args))).toContain('ask');
  });

  it('names every tool, and no other', async () => {
    const [first] = ofLanguage('sh');
    const [, allowed] = /^foothold mcp --allow "python (.*)"$/.exec(first!)!;
    // The program of the page may not be on this machine.
    const args = ['mcp', '--allow', `"${process.execPath}" ${allowed}`];
    const rows = readFileSync(page, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) =>
      [...row.split(' | ')[0]!.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(named.toSorted()).toEqual((await toolsOf(await overStdio(args))).toSorted());
  });

  it('has a line that serves over HTTP', async () => {
    const [, line] = ofLanguage('sh');
    const [, args] = /^FOOTHOLD_TOKEN="\$TOKEN" foothold (.*) 8766$/.exec(line!)!;
    const token = 'the-token-of-the-page-test';
    const server = startIn(folder, [...args!.split(' '), '0'], { FOOTHOLD_TOKEN: token });
    await server.says('Ctrl-C ends it');
    const url = server.out().trim();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/mcp$/);
    const client = new Client({ name: 'page', version: '1' });
    const requestInit = { headers: { Authorization: `Bearer ${token}` } };
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit });
    await client.connect(transport as Parameters<Client['connect']>[0]);
    expect(await toolsOf(client)).toContain('ask');
    server.child.kill('SIGINT');
    expect(await server.ended).toBe(0);
  });
});
