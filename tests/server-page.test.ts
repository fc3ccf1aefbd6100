import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { footholdMain } from './foothold-main.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-server-page-'));
const scratch = join(root, 'packages/server/.snippets');
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  rmSync(scratch, { recursive: true, force: true });
});

const main = footholdMain;
const blocks = codeBlocks(join(root, 'docs/server.md'));
const ofLanguage = (language: string) =>
  blocks.filter((block) => block.language === language).map(({ code }) => code);
const token = 'the-token-of-the-page-test';

/** What the command prints on its first line, and its end after Ctrl-C. */
function serve(line: string) {
  const words = `exec "${process.execPath}" --conditions=@foothold/source "${main}" `;
  const command = `${line.replace(/foothold (?=serve)/, words).replace('--port 8765', '')} --port 0`;
  // `exec` takes no variables before it.
  const child = spawn(
    'sh',
    ['-c', command.replace(/^(\w+="[^"]*") exec/, '$1; export FOOTHOLD_TOKEN; exec')],
    {
      cwd: folder,
      env: { ...process.env, TOKEN: token },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  started.push(child);
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const link = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
      if (out.includes('\n')) resolve(out.trim());
    });
    child.on('exit', () => reject(new Error(`it ended: ${err}`)));
  });
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? signal)),
  );
  return { link, ended, interrupt: () => child.kill('SIGINT'), output: () => out + err };
}

describe('docs/server.md', () => {
  const lines = ofLanguage('sh').flatMap((code) => (code.includes('curl') ? [] : code.trim().split('\n')));
  it.each(lines)('serves by %s until Ctrl-C', { timeout: 120_000 }, async (line) => {
    const { link, ended, interrupt, output } = serve(line);
    expect(await link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/(#token=[0-9a-f]{64})?$/);
    interrupt();
    expect(await ended).toBe(0);
    expect(output()).not.toContain(token);
  });

  it('runs its programs and its requests on a server', { timeout: 240_000 }, async () => {
    const server = serve(lines[0]!);
    const link = await server.link;
    const [address, secret] = link.split('/#token=') as [string, string];
    mkdirSync(scratch, { recursive: true });
    for (const [i, code] of ofLanguage('ts').entries()) {
      const file = join(scratch, `server-page-${i}.ts`);
      writeFileSync(file, code);
      const run = await runCommand(process.execPath, ['--conditions=@foothold/source', file], {
        env: { ...process.env, FOOTHOLD_LINK: link },
      });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout.trim()).toBe(['10', '401'][i]);
    }
    const requests = ofLanguage('sh').find((code) => code.includes('curl'))!;
    const run = await runCommand('sh', ['-ec', requests], {
      env: { ...process.env, TOKEN: secret, SERVER: address },
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^{"ok":true,"study":"shell"}{"trials":\[{"number":0,.*}{"ok":true}$/);
    server.interrupt();
    expect(await server.ended).toBe(0);
    expect(server.output().split(secret)).toHaveLength(2);
  });

  it('names the operations that the server has', async () => {
    const page =
      blocks.length > 0 ? (await import('node:fs')).readFileSync(join(root, 'docs/server.md'), 'utf8') : '';
    const { operationSchemas } = await import('../packages/server/src/operations.ts');
    for (const op of Object.keys(operationSchemas))
      expect(page).toContain(`\`${op}\``.replace(/^`(ask|renew|release|delete|fail|stop|rename)`$/, '/$1`'));
  });
});
