/** The programs of integrations/python/README.md, each run as a user's, with the engine from source. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../code-blocks.ts';
import { footholdMain } from '../foothold-main.ts';
import { pythonEnvironment, pythonFolder, pythonMissing, runPython } from './python-environment.ts';

const missing = await pythonMissing();
const readme = join(pythonFolder, 'README.md');
const programs = codeBlocks(readme).filter(({ language }) => language === 'python');
const folder = mkdtempSync(join(tmpdir(), 'foothold-readme-'));
let server: ChildProcess | undefined;
let link = '';

describe.skipIf(missing !== undefined)(
  `integrations/python/README.md${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(async () => {
      await pythonEnvironment('sklearn');
      // The page's command, but for the port.
      const [command] = codeBlocks(readme).filter(({ code }) => code.startsWith('foothold serve'));
      const words = command!.code.trim().split(' ').slice(1);
      const args = ['--conditions=@foothold/source', footholdMain, ...words];
      args[args.indexOf('--port') + 1] = '0';
      server = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
      for await (const line of createInterface({ input: server.stdout! })) {
        const found = /http:\S+#token=\S+/.exec(line)?.[0];
        if (found === undefined) continue;
        link = found;
        break;
      }
    }, 900_000);
    afterAll(() => {
      server?.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    });

    it.each(programs)('runs its program of line $line', async ({ code, line }) => {
      const file = join(folder, `line-${line}.py`);
      writeFileSync(file, code);
      const environment = await pythonEnvironment('sklearn');
      const ran = await runPython(environment, [file], { cwd: folder, env: { FOOTHOLD_LINK: link } });
      expect(ran.stderr).toBe('');
      expect(ran.code).toBe(0);
      expect(ran.stdout.trim()).not.toBe('');
    });
  },
);
