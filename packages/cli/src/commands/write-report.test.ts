import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { writeWhole } from './write-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-write-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('writeWhole', () => {
  it('leaves nothing beside the file where it cannot be renamed', async () => {
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'taken/file'), '');
    await expect(writeWhole(join(folder, 'taken'), 'text')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
    rmSync(join(folder, 'taken'), { recursive: true });
  });
  it('T1: leaves a whole file and nothing beside it when SIGTERM arrives while it writes', {
    timeout: 60_000,
  }, async () => {
    const module = fileURLToPath(new URL('./write-report.ts', import.meta.url));
    const program = `import { writeWhole } from ${JSON.stringify(module)};
      const text = 'x'.repeat(3e7);
      console.log('begun');
      for (;;) await writeWhole('big.html', text);`;
    for (const wait of [0, 15, 40, 70, 110]) {
      const args = ['--conditions=@foothold/source', '--input-type=module', '-e', program];
      const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      await new Promise((done) => setTimeout(done, wait));
      child.kill('SIGTERM');
      expect((await once(child, 'exit'))[1]).toBe('SIGTERM');
      expect(readdirSync(folder).filter((file) => file !== 'big.html')).toEqual([]);
    }
    expect(readFileSync(join(folder, 'big.html'), 'utf8')).toHaveLength(3e7);
  });
});
