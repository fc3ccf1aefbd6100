import { writeFileSync } from 'node:fs';
import { cellLog, checkpointStudy, type ScoreMatrix, syntheticScores } from '@foothold/checkpoints';
import { studyReport } from 'foothold/server';
import { reportPage } from 'foothold/server/node';
import type { Demo } from './demo.ts';

/** The best of 60 checkpoints over 20 benchmarks, from learning curves that the demo makes up. */
export const checkpointsDemo: Demo = {
  name: 'checkpoints',
  about:
    'the best of 60 checkpoints over 20 benchmarks (made-up learning curves), from a small share of the cells',
  run: async ({ seed, report: path, screen }) => {
    const { rows, columns, positions, scores } = syntheticScores({ rows: 60, columns: 20, seed });
    const matrix: ScoreMatrix = {
      rows: rows.map((name, i) => ({ name, position: positions[i]! })),
      columns,
      seed,
    };
    const study = checkpointStudy(matrix);
    const total = rows.length * columns.length;
    let cells = 0;
    while (cells < total / 5 && !study.decision().stop)
      for (const cell of study.ask({ count: 2 })) {
        study.tell(cell, scores.data[cell.row * columns.length + cell.column]!);
        cells++;
        const best = study.best();
        screen.live(
          `${cells} of ${total} cells  best ${best.name} (${(100 * best.probability).toFixed(0)} % sure)`,
        );
      }
    const means = rows.map((_, i) =>
      scores.data.subarray(i * columns.length, (i + 1) * columns.length).reduce((a, b) => a + b, 0),
    );
    const top = means.indexOf(Math.max(...means));
    const best = study.best();
    const short = 100 * (1 - means[best.row]! / means[top]!);
    screen.line(
      `named ${best.name} after ${cells} of ${total} cells (${((100 * cells) / total).toFixed(1)} %); ${
        best.row === top
          ? 'it is the best of all'
          : `the best is ${rows[top]}, whose mean is ${short.toFixed(3)} % higher`
      }`,
    );
    const html = await studyReport({
      page: await reportPage(),
      title: 'The best checkpoint on average',
      studies: [{ name: 'checkpoints', events: cellLog(matrix, study) }],
      writtenAt: Date.now(),
      program: 'the demo of Foothold',
    });
    writeFileSync(path, html);
    screen.line(`Report: ${path}`);
  },
};
