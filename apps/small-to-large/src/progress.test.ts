import { describe, expect, it } from 'vitest';
import { downloadDisplay, storyDisplay } from './progress.ts';
import type { NetworkTrial } from './summary.ts';
import { terminal } from './terminal.ts';

function recorded(isTTY: boolean) {
  const parts: string[] = [];
  return {
    to: terminal({ isTTY, columns: 200, write: (text) => parts.push(text) }, { NO_COLOR: '1' }),
    text: () => parts.join(''),
  };
}

const params = { dropout: 0.3, learningRate: 0.0012, convolutionKernel: 5, poolingKernel: 2 };
const complete = (number: number, value: number, diverged = 0): NetworkTrial => ({
  number,
  params,
  reports: [],
  state: 'complete',
  value,
  metrics: { seconds: 3, diverged },
});

const totals = { small: 4, large: 2, cold: 2 };

describe('the display of a story', () => {
  it('has a bar with the best so far on a terminal, no faster than ten times a second', () => {
    const { to, text } = recorded(true);
    let time = 0;
    const show = storyDisplay(to, { totals, epochs: 2, now: () => time });
    show.trial('small', complete(0, 0.4));
    show.progress('small', 1, { epoch: 1, share: 0 });
    time = 50;
    show.progress('small', 1, { epoch: 1, share: 0.5 });
    expect(text()).toContain('█████████░░░░░░░░░░░░░░░ trial 2 of 4, epoch 2 of 2, best so far 40.0 %');
    expect(text().match(/trial 2 of 4/g)).toHaveLength(1);
  });

  it('has one plain line a trial elsewhere, and marks what is best, diverged or failed', () => {
    const { to, text } = recorded(false);
    const show = storyDisplay(to, { totals, epochs: 2, now: () => 0 });
    show.taken('large', [complete(0, 0.3)]);
    show.progress('large', 1, { epoch: 0, share: 0.5 });
    show.trial('large', complete(1, 0.9, 1));
    show.trial('large', { number: 2, params, reports: [], state: 'failed', reason: 'impossible shape' });
    show.trial('small', complete(0, 0.2));
    expect(text()).toBe(
      [
        'large network: 1 of 2 trials are there from an earlier run, best so far 30.0 %',
        '',
        'large network, 2 trials',
        '  2/2   90.0 %    3.0 s  dropout 0.30, learning rate 0.0012, convolution 5, pooling 2 (diverged: counts as guessing)',
        '  3/2  failed  dropout 0.30, learning rate 0.0012, convolution 5, pooling 2: impossible shape',
        '',
        'small network, 4 trials',
        '  1/4   20.0 % ◂  3.0 s  dropout 0.30, learning rate 0.0012, convolution 5, pooling 2',
        '',
      ].join('\n'),
    );
  });
});

describe('the display of a download', () => {
  it('has a bar over all files and a line for each that is there', () => {
    const files = [
      { name: 'a.gz', bytes: 3_000_000, sha256: '' },
      { name: 'b.gz', bytes: 1_000_000, sha256: '' },
    ] as const;
    const { to, text } = recorded(true);
    const show = downloadDisplay(to, { files, now: () => 0 });
    show({ file: files[0], state: 'loading', loaded: 2_000_000 });
    show({ file: files[0], state: 'done', loaded: 3_000_000 });
    show({ file: files[1], state: 'present', loaded: 1_000_000 });
    expect(text()).toContain('████████████░░░░░░░░░░░░ 2.0 MB of 4.0 MB  a.gz');
    expect(text()).toContain('a.gz  3.0 MB, checksum right\n');
    expect(text()).toContain('b.gz  1.0 MB, checksum right (already there)\n');
  });
});
