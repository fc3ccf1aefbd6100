import { describe, expect, it } from 'vitest';
import { bar, type Stream, table, terminal } from './terminal.ts';

function recorded(isTTY: boolean, environment: Record<string, string> = {}) {
  const parts: string[] = [];
  const stream: Stream = { isTTY, columns: 40, write: (text) => parts.push(text) };
  return { to: terminal(stream, environment), parts };
}

describe('a terminal', () => {
  it('gets a live line that the next permanent one replaces', () => {
    const { to, parts } = recorded(true);
    to.status('half');
    to.line('done');
    expect(parts).toEqual(['\r\u001b[2Khalf', '\r\u001b[2K', 'done\n']);
  });

  it('never gets a live line longer than itself', () => {
    const { to, parts } = recorded(true);
    to.status('x'.repeat(100));
    expect(parts.join('')).toBe(`\r\u001b[2K${'x'.repeat(39)}`);
  });

  it('that is none gets lines only: no control characters, no colours', () => {
    const { to, parts } = recorded(false);
    to.status('half');
    to.line(to.paint('green', 'done'));
    to.clear();
    expect(parts).toEqual(['done\n']);
  });

  it('gets no colours with NO_COLOR', () => {
    expect(recorded(true, { NO_COLOR: '1' }).to.paint('red', 'a')).toBe('a');
    expect(recorded(true).to.paint('red', 'a')).toBe('\u001b[31ma\u001b[39m');
  });
});

describe('a bar', () => {
  it('is as full as the share, within its ends', () => {
    expect([bar(0, 4), bar(0.5, 4), bar(1, 4), bar(7, 4)]).toEqual(['░░░░', '██░░', '████', '████']);
  });
});

describe('a table', () => {
  it('has numbers to the right and words to the left', () => {
    expect(
      table([
        ['a', 'n'],
        ['long', '5'],
        ['b', '10'],
      ]),
    ).toEqual(['a      n', '────────', 'long   5', 'b     10']);
  });
});
