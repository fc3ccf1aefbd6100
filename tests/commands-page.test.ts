import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { footholdMain } from './foothold-main.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// The program that the page's commands call: it prints a loss by two names, and an accuracy.
writeFileSync(
  join(folder, 'value.cjs'),
  `const x = Number(process.argv[2].replace('--x=', ''));
   console.log('loss: ' + (x - 0.3) ** 2);
   console.log(JSON.stringify({ train: { error: 9 }, valid: { loss: (x - 0.3) ** 2 }, accuracy: 1 - x }));`,
);
// One that reports while it runs, and one that ends by itself.
writeFileSync(
  join(folder, 'train.cjs'),
  `const loss = (Number(process.argv[2]) - 0.3) ** 2;
   for (let step = 1; step <= 4; step++) console.log(JSON.stringify({ step, loss: loss + 1 / step }));
   console.log(JSON.stringify({ loss, seconds: 10 }));`,
);
// One that trains from its checkpoint on, and one that begins at 0 each time.
writeFileSync(
  join(folder, 'pieces.cjs'),
  `const { existsSync, readFileSync, writeFileSync } = require('fs');
   const [from, to, checkpoint, x] = process.argv.slice(2);
   const file = checkpoint + '/epoch';
   if ((existsSync(file) ? readFileSync(file, 'utf8') : '0') !== from) throw new Error('another checkpoint');
   for (let step = Number(from) + 1; step <= to; step++) console.log(JSON.stringify({ step, loss: (x - 0.3) ** 2 + 1 / step }));
   writeFileSync(file, to);
   console.log(JSON.stringify({ loss: (x - 0.3) ** 2 + 1 / to }));`,
);
writeFileSync(
  join(folder, 'again.cjs'),
  `const [epochs, x] = process.argv.slice(2).map(Number);
   console.log(JSON.stringify({ loss: (x - 0.3) ** 2 + 1 / epochs }));`,
);
writeFileSync(
  join(folder, 'sized.cjs'),
  `const x = Number(process.argv[2]);
   const loss = (x - 0.3) ** 2, size = 1 + 10 * x;
   for (let step = 1; step <= 4; step++) console.log(JSON.stringify({ step, loss: loss + 1 / step, size }));
   console.log(JSON.stringify({ loss, size }));`,
);
writeFileSync(
  join(folder, 'careful.cjs'),
  `const fs = require('fs');
   const loss = (Number(process.argv[2]) - 0.3) ** 2;
   const { FOOTHOLD_REPORT_FILE: reports, FOOTHOLD_PRUNE_FILE: prune } = process.env;
   for (let step = 1; step <= 4; step++) {
     fs.appendFileSync(reports, JSON.stringify({ step, loss: loss + 1 / step }) + '\\n');
     if (fs.existsSync(prune)) process.exit(0);
   }
   console.log(JSON.stringify({ loss }));`,
);

const lines = codeBlocks(join(root, 'docs/commands.md'))
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.trim().split('\n'));
const foothold = `"${process.execPath}" --conditions=@foothold/source "${footholdMain}" `;

describe('docs/commands.md', () => {
  it.each(lines)('runs %s', { timeout: 60_000 }, async (line) => {
    const result = await runCommand('sh', ['-c', line.replace(/(^|\s)foothold /, `$1${foothold}`)], {
      cwd: folder,
    });
    expect(result.code, result.stderr).toBe(0);
    if (line.includes('foothold replay')) {
      expect(result.stdout).toBe('0 of 8 suggestions differ\n');
      return;
    }
    if (line.includes('foothold watch')) {
      expect(result.stdout).toMatch(/^mine █{10} 8\/8 [\s\S]*^stopped: all 8 trials are done$/m);
      return;
    }
    if (line.includes('foothold completion')) {
      expect(result.stdout).toContain('complete -o default -F _foothold foothold');
      return;
    }
    if (line.includes('foothold edit')) {
      expect(result.stdout).toMatch(/^study mine is edited:\n.*--space x: .*\n\d of 8 trials are outside/);
      return;
    }
    if (line.includes('--objective')) {
      expect(result.stdout).toMatch(/^(front loss=\S+ size=\S+ \(trial \d+\): x=\S+\n)+$/);
      expect(result.stderr).not.toContain('failed');
      return;
    }
    expect(result.stdout).toMatch(/^best value \S+ \(trial \d+\)/);
    expect(result.stderr).toMatch(/^reads /m);
    expect(result.stderr).not.toContain('failed');
  });
});
