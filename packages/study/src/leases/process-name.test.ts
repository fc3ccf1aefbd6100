import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { processName, processRuns } from './process-name.ts';

describe('the name of a process', () => {
  const module = fileURLToPath(new URL('./process-name.ts', import.meta.url));
  const child = (env: Readonly<Record<string, string>> = {}) =>
    spawn(
      process.execPath,
      [
        '--conditions=@foothold/source',
        '--input-type=module',
        '-e',
        `import { processName } from ${JSON.stringify(module)};
         console.log(processName()); setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } },
    );

  it('says of a real process that it runs, and after SIGKILL that it has ended', async () => {
    const other = child();
    const [line] = (await once(other.stdout, 'data')) as [Buffer];
    const name = line.toString().trim();
    expect(name).not.toBe(processName());
    expect(processRuns(name)).toBe(true);
    expect(processRuns(`${name}/2`)).toBe(true);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(processRuns(name)).toBe(false);
    expect(processRuns(`${name}/2`)).toBe(false);
  });
  it('names a part of a process', () => {
    expect(processName('2')).toBe(`${processName()}/2`);
    expect(processRuns(processName('2'))).toBe(true);
  });
  it('P1: does not take a later process with the same id for the one of that name', () => {
    const own = processName();
    expect(processRuns(own)).toBe(true);
    const start = own.split(':')[2]!;
    if (!existsSync('/proc/self/stat'))
      return console.log('no /proc here: starts are compared by their text alone');
    const earlier = own.replace(
      start,
      start.replace(/\d+$/, (ticks) => `${Number(ticks) - 1}`),
    );
    expect(processRuns(earlier)).toBe(false);
  });
  it('P1: cannot say whether a process of another host or container runs', async () => {
    const other = child({ FOOTHOLD_HOST: 'node-7' });
    const [line] = (await once(other.stdout, 'data')) as [Buffer];
    other.kill('SIGKILL');
    expect(line.toString()).toMatch(/^node-7:\d+:/);
    expect(processRuns(line.toString().trim())).toBeUndefined();
    const own = processName();
    expect(processRuns(own.replace(/:[^:.]+\./, ':00000000.'))).toBe(own.includes('.') ? undefined : true);
    expect(processRuns('local')).toBeUndefined();
  });
  it('reads the names of earlier versions, host and id alone', () => {
    const [host] = processName().split(':');
    expect(processRuns(`${host}:${process.pid}`)).toBe(true);
    expect(processRuns(`${host}:4194303`)).toBe(false);
  });
});
