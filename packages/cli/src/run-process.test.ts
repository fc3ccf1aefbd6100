import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { alive } from './alive.fixture.ts';
import { runProcess } from './run-process.ts';

const node = process.execPath;
const folder = mkdtempSync(join(tmpdir(), 'foothold-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program, with what it printed. */
async function printed(...[command, options]: Parameters<typeof runProcess>) {
  let stdout = '';
  const result = await runProcess(command, {
    ...options,
    onOutput: (text, stream) => {
      if (stream === 'stdout') stdout += text;
    },
  });
  return { ...result, stdout };
}

describe('runProcess', () => {
  it('gives the output of a program that ends well', async () => {
    expect(
      await printed([node, '-e', 'console.log(process.argv[1], process.env.X)', 'a b'], {
        env: { X: '1' },
      }),
    ).toEqual({
      stdout: 'a b 1\n',
    });
  });
  it('says how a program failed, with its last words', async () => {
    const { failure } = await runProcess([node, '-e', 'console.error("no memory"); process.exit(3)']);
    expect(failure).toBe('exit code 3: no memory');
    expect((await runProcess(['/no/such/program'])).failure).toMatch(/could not be started: .*ENOENT/);
  });
  it('kills a hanging program and its children at the time limit, also when they ignore SIGTERM', {
    timeout: 20_000,
  }, async () => {
    const file = join(folder, 'pids');
    const child = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)';
    const program = `const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });
      require('fs').writeFileSync(${JSON.stringify(file)}, process.pid + ' ' + c.pid); ${child}`;
    const { failure } = await runProcess([node, '-e', program], { timeout: 1 });
    expect(failure).toBe('killed after the time limit of 1 s');
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const pid of readFileSync(file, 'utf8').split(' ').map(Number)) expect(alive(pid)).toBe(false);
  });
  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const { failure } = await runProcess([node, '-e', 'setInterval(() => {}, 1000)'], {
      signal: controller.signal,
    });
    expect(failure).toBe('interrupted');
  });
  it('hands a line to the shell only when asked', async () => {
    expect((await printed({ shell: 'echo $((1 + 2))' })).stdout.trim()).toBe('3');
    expect((await printed([node, '-p', 'process.argv[1]', '$((1 + 2))'])).stdout.trim()).toBe('$((1 + 2))');
  });
});
