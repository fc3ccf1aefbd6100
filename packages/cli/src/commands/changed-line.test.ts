import { describe, expect, it } from 'vitest';
import { changedLine } from './changed-line.ts';

describe('changedLine', () => {
  it.each([
    [
      ['tune', '--run', 'python t.py {x}', '--name', 'a'],
      "foothold tune --run 'python t.py {x}' --name a-2 --from a",
    ],
    [
      ['tune', '--name=a', '--report', "it's.html"],
      "foothold tune --report 'it'\\''s.html' --name a-2 --from a",
    ],
    [['tune', '--from', 'old.csv', '--name', 'a'], 'foothold tune --from old.csv --name a-2 --from a'],
    [
      ['small-to-large', '--small', 'cheap {x}', '--large', 'expensive', '--small-trials=5', '--name', 'a'],
      'foothold small-to-large --large expensive --name a-2 --from a',
    ],
  ])('changes the name of %j', (argv, line) => {
    expect(changedLine(argv, { name: 'a-2', from: 'a' })).toBe(line);
  });
});
