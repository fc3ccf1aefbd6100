import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkpointsCommand } from './checkpoints.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-cells-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the report of a checkpoint search', () => {
  it('is there, whole, while the search still runs', { timeout: 30_000 }, async () => {
    const report = join(folder, 'cells.html');
    // The third cell looks whether the report of the cells before it can be read already.
    writeFileSync(
      join(folder, 'score.cjs'),
      `const fs = require('node:fs');
       const seen = ${JSON.stringify(join(folder, 'seen'))}, report = ${JSON.stringify(report)};
       const text = fs.existsSync(report) ? fs.readFileSync(report, 'utf8') : '';
       fs.appendFileSync(seen, text.trimEnd().endsWith('</html>') ? 'whole\\n' : text ? 'torn\\n' : 'none\\n');
       console.log(process.argv[2].length + Math.sin(process.argv[3].length));`,
    );
    await checkpointsCommand(undefined, {
      rows: 'a,bb,ccc,dddd',
      columns: 'x,yy,zzz',
      run: `${process.execPath} ${join(folder, 'score.cjs')} {row} {column}`,
      budget: '4',
      next: 1,
      target: 'mean',
      out: join(folder, 'cells.tsv'),
      seed: 1,
      stop: false,
      report,
      json: true,
    });
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('none\nwhole\nwhole\nwhole\n');
    expect(existsSync(`${report}.partial`)).toBe(false);
    expect(readFileSync(report, 'utf8')).toContain('after 4 of 12 cells');
  });
});
