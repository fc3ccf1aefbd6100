import { matrixHeatMap } from '@foothold/viz';
import { useState } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { Card, Choice } from '../components/card.tsx';
import type { LiveStudy } from '../study/live-study.ts';
import type { MatrixBelief } from './matrix-belief.ts';

type Shown = 'scores' | 'expected' | 'uncertainty';
const shownOptions = [
  ['scores', 'Scores'],
  ['expected', 'Expected'],
  ['uncertainty', 'Uncertainty'],
] as const;
const notes: Readonly<Record<Shown, string>> = {
  scores:
    'Known scores, each column by its own range. Grey cells are unknown, ringed ones are being evaluated or the next in the queue; the best row is framed.',
  expected: 'What the model expects of every cell, each column by its own range. The best row is framed.',
  uncertainty: 'Standard deviation of every cell, each column by its own range: 0 where the score is known.',
};

/** The matrix by colour: what is known, what is expected, and how sure that is. */
export function CellsCard({
  belief,
  queued,
}: {
  readonly belief: MatrixBelief;
  readonly queued: LiveStudy['state']['queue'];
}) {
  const [shown, setShown] = useState<Shown>('scores');
  const { rows, columns, known, mean, standardDeviation, pending, best } = belief;
  const values = { scores: known, expected: mean, uncertainty: standardDeviation }[shown];
  const height = Math.min(Math.max(columns.length * 20, 120), 460);
  return (
    <Card
      title="Cells"
      note={notes[shown]}
      tools={
        <Choice
          label="Shown"
          options={shownOptions}
          value={shown}
          onChange={(next: Shown) => setShown(next)}
        />
      }
    >
      <Chart
        height={height + 90}
        inputs={[belief, shown, queued.length]}
        of={(width) =>
          matrixHeatMap({
            ...{ width, height, values, rowNames: rows, columnNames: columns },
            ...{ chosen: best.row, next: [...pending, ...cellsOf(queued, belief)], perColumn: true },
          })
        }
      />
    </Card>
  );
}

/** The cells that parameters of the queue name. */
function cellsOf(queue: LiveStudy['state']['queue'], { rows, columns }: MatrixBelief) {
  return queue
    .map((params) => ({
      row: rows.indexOf(String(params['row'])),
      column: columns.indexOf(String(params['column'])),
    }))
    .filter(({ row, column }) => row >= 0 && column >= 0);
}
