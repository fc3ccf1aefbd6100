import { describe, expect, it } from 'vitest';
import { correlationScatter, taskChart } from './charts.ts';
import { checkpointReport } from './checkpoint-report.ts';
import { checkpointStudy } from './study.ts';
import { syntheticScores } from './synthetic-scores.ts';

const table = syntheticScores({ rows: 15, columns: 5, seed: 1 });
function opened() {
  const study = checkpointStudy({
    rows: table.rows.map((name, i) => ({ name, position: table.positions[i]! })),
    columns: ['<script>alert(1)</script>', 'b', 'c', 'd', 'e'],
    seed: 0,
  });
  for (const c of study.ask({ count: 14 })) study.tell(c, table.scores.data[c.row * 5 + c.column]!);
  return study;
}

describe('checkpoint report', () => {
  it('names the row, draws the cells and shows names as text, never as markup', async () => {
    const study = opened();
    study.ask({ count: 2 });
    const html = await checkpointReport(study, { positions: table.positions });
    expect(html).toContain(study.best().name);
    expect(html.match(/<svg/g)!.length).toBeGreaterThanOrEqual(6);
    expect(html).not.toContain('<script>alert');
    expect(html).not.toMatch(/(src|href)="http/);
  });

  it('draws a task with the acquisition and the correlations against the true ones, also when all is known', () => {
    const study = opened();
    expect(JSON.stringify(taskChart(study, 1))).not.toMatch(/"(a|mean|low|high|y)":null/);
    const spec = JSON.stringify(correlationScatter(study, table.scores));
    expect(spec).toContain('true correlation');
    const whole = checkpointStudy({
      rows: table.rows,
      columns: table.columns,
      seed: 0,
      scores: table.scores,
    });
    expect(JSON.stringify(taskChart(whole, 0))).toContain('task-1');
  });
});
