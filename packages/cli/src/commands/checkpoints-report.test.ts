import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replay } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { type ReportContent, reportContent } from '../report-content.fixture.ts';
import { checkpointsCommand } from './checkpoints.ts';
import { reportCommand } from './report.ts';

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
      ...{ storage: join(folder, 'studies'), concurrency: 1, lease: 120, retries: 3 },
    });
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('none\nwhole\nwhole\nwhole\n');
    expect(existsSync(`${report}.partial`)).toBe(false);
    const html = readFileSync(report, 'utf8');
    expect(html).toMatch(/<p>After 4 of 12 cells: best row \w+: [\d.]+ ± /);
    const [study] = reportContent(html).studies;
    expect(study!.events.filter(({ type }) => type === 'told')).toHaveLength(4);
    // The report of the study is the same page.
    const again = join(folder, 'again.html');
    await reportCommand(study!.name, { storage: join(folder, 'studies'), out: again });
    expect(reportContent(readFileSync(again, 'utf8')).studies).toEqual([study]);
  });
  it('of a table has its cells, and the next ones in the queue', { timeout: 30_000 }, async () => {
    const file = join(folder, 'scores.csv');
    writeFileSync(file, 'checkpoint,x,yy\na,1,2\nbb,2,3\nccc,2.5,\ndddd,,\n');
    const report = join(folder, 'table.html');
    const options = { next: 2, target: 'mean', seed: 1, report, json: true } as const;
    await checkpointsCommand(file, {
      ...{ ...options, budget: '5%', out: '', stop: true, storage: join(folder, 'none') },
      ...{ concurrency: 1, lease: 120, retries: 3 },
    });
    const html = readFileSync(report, 'utf8');
    expect(html).toContain('<p>After 5 of 8 cells: best row ');
    const [{ name, events }] = reportContent(html).studies as [ReportContent['studies'][number]];
    expect(name).toBe('scores.csv');
    const { trials, queue } = replay(events);
    expect(trials.map(({ params }) => `${params['row']} ${params['column']}`)).toEqual([
      ...['a x', 'a yy', 'bb x', 'bb yy', 'ccc x'],
    ]);
    expect(queue).toHaveLength(2);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
