import { describe, expect, it } from 'vitest';
import { lineProcess } from './line-process.ts';
import { timedLineProcess } from './timed-line-process.ts';

const echo = `process.stdin.on('data', (line) => process.stdout.write(line))`;

describe('a program that answers lines', () => {
  it('is read from and asked, and ends with its input', async () => {
    const of = lineProcess(process.execPath, ['-e', `console.log(process.env.FIRST); ${echo}`], {
      FIRST: '[7]',
    });
    expect(await of.read()).toEqual([7]);
    expect(await of.ask({ a: 1 })).toEqual({ a: 1 });
    await of.end();
    await expect(of.ask({ a: 2 })).rejects.toThrow('has ended');
  });

  it('says so where it cannot be started, and its end is waited for all the same', async () => {
    const of = lineProcess('no-such-program', ['peers.py']);
    await expect(of.ask({})).rejects.toThrow('no-such-program peers.py could not be started');
    await of.end();
  });

  it('is timed, and its errors are thrown', async () => {
    const of = timedLineProcess(process.execPath, ['-e', echo]);
    const { answer, wait } = await of.call({ op: 'ask' });
    expect(answer).toEqual({ op: 'ask' });
    expect(wait).toBeGreaterThan(0);
    await expect(of.call({ error: 'none' })).rejects.toThrow('"none"');
    await of.end();
  });
});
