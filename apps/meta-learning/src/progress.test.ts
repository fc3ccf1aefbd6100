import { terminal } from '@foothold/app-small-to-large/terminal';
import { describe, expect, it } from 'vitest';
import type { Stage, TaskTrial } from './experiment.ts';
import { progress } from './progress.ts';

const params = { learningRate: 0.01, batchSize: 32, epochs: 9, dropout: 0.2, width: 16 } as const;
const told = (number: number, value: number): TaskTrial => ({
  number,
  params,
  reports: [],
  state: 'complete',
  value,
});
const tops: Stage = { kind: 'earlier', task: 'tops' };
const search: Stage = { kind: 'new', method: 'Bayesian', repeat: 1 };

describe('the display of the comparison', () => {
  it('counts what an earlier run has, and says from this run’s pace how long the rest takes', () => {
    const parts: string[] = [];
    const stream = { isTTY: true, columns: 200, write: (text: string) => parts.push(text) };
    let time = 5000;
    const show = progress(terminal(stream, { NO_COLOR: '1' }), {
      trialsOf: () => 3,
      total: 6,
      now: () => time,
    });
    show.taken([
      { stage: tops, trials: [told(0, 0.3), told(1, 0.1)] },
      { stage: search, trials: [] },
    ]);
    expect(parts.splice(0).join('')).toBe('2 of 6 evaluations are there from an earlier run, going on.\n');
    time += 2000;
    show.trial(tops, told(2, 0.2));
    expect(parts.splice(0).join('')).toBe(
      '   3/6, 6 s left        earlier task "tops"              10.0 %  learning rate 0.010, batch 32, 9 epochs, dropout 0.20, width 16\n',
    );
    time += 50_000;
    show.trial(search, told(0, 0.4));
    // 26 seconds each.
    expect(parts.splice(0).join('')).toContain(
      '████████████████░░░░░░░░ 4 of 6, 52 s left, plain Bayesian, repeat 2, best so far 40.0 %',
    );
    time += 308_000;
    show.trial(search, told(1, 0.5));
    expect(parts.join('')).toContain('5 of 6, 2:00 min left, plain Bayesian, repeat 2, best so far 40.0 %');
  });
});
