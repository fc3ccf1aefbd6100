import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStudy, random, storageOf } from '@foothold/optimize';
import { transferMethods } from '@foothold/optimize/transfer-methods';
import { prunerNames, samplerNames } from '@foothold/protocol';
import { spaceOf } from '@foothold/space';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, commandIn, node } from './command.fixture.ts';
import { inTerminal, noTerminal } from './terminal.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);
const studies = ['resnet-1', 'resnet-2', 'vit.b-16'];

beforeAll(async () => {
  for (const [address, names] of [
    ['foothold-studies', studies],
    ['elsewhere', ['bert']],
  ] as const)
    for (const name of names)
      await createStudy({
        space: spaceOf({ x: { type: 'real', low: 0, high: 1 } }),
        ...{ direction: 'minimize', sampler: random(), name },
        storage: storageOf(join(folder, address)),
      }).ask();
  writeFileSync(join(folder, 'space.json'), '{}');
  mkdirSync(join(folder, 'bin'));
  const program = [node, ...command].map((word) => `'${word}'`).join(' ');
  writeFileSync(join(folder, 'bin/foothold'), `#!/bin/sh\nexec ${program} "$@"\n`);
  chmodSync(join(folder, 'bin/foothold'), 0o755);
}, 60_000);

/** Candidates for the last of the words. */
const candidates = async (...words: readonly string[]) => {
  const { code, out, err } = await foothold(['complete', 'fish', '--', ...words]);
  expect([code, err]).toEqual([0, '']);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0]!);
};

describe('foothold complete', { timeout: 180_000 }, () => {
  it('knows the commands and the options that help shows', async () => {
    const help = (await foothold(['--help'])).out;
    const commands = [...help.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name]) => name);
    expect(commands).toEqual(expect.arrayContaining(['tune', 'watch', 'completion', 'studies']));
    expect(await candidates('')).toEqual(commands);
    expect(await candidates('s')).toEqual(commands.filter((name) => name!.startsWith('s')));
    const ofTune = [...(await foothold(['tune', '--help'])).out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)];
    expect(await candidates('tune', '-')).toEqual(ofTune.map(([, name]) => name));
    expect(await candidates('tune', '--trials', '3', '--tr')).toEqual([]); // it is there already
    expect(await candidates('tune', '--from', 'a', '--fr')).toEqual(['--from']);
    expect(await candidates('studies', 'export', '--f')).toEqual(['--format']);
  });

  it('knows the values that options take', async () => {
    expect(await candidates('tune', '--sampler', '')).toEqual(samplerNames);
    expect(await candidates('tune', '--sampler=tr')).toEqual(['--sampler=trust-region']);
    expect(await candidates('tune', '--prune', '')).toEqual(prunerNames);
    expect(await candidates('tune', '--prune', '--sampler', 'tp')).toEqual(['tpe']);
    expect(await candidates('tune', '--prune', '--sam')).toEqual(['--sampler']);
    expect(await candidates('tune', '--method', '')).toEqual(Object.keys(transferMethods));
    expect(await candidates('tune', '--direction', 'ma')).toEqual(['maximize']);
    expect(await candidates('export', 'a', '--optuna', '')).toEqual(['3', '4', '5']);
    expect(await candidates('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await candidates('tune', '--trials', '')).toEqual([]);
    expect(await candidates('tune', '--space', 'sp')).toEqual([':files']);
  });

  it('knows the studies of the storage that the line names, and makes none', async () => {
    expect(await candidates('watch', 'res')).toEqual(['resnet-1', 'resnet-2']);
    expect(await candidates('studies', 'show', '')).toEqual([...studies].sort());
    expect(await candidates('tune', '--from', 'resnet-2')).toEqual(['resnet-2', ':files']);
    expect(await candidates('report', '--storage', 'elsewhere', '')).toEqual(['bert']);
    expect(await candidates('studies', 'copy', 'resnet-1', '')).not.toContain('resnet-1');
    for (const address of ['nowhere', 'sqlite:none.db', 'postgres://127.0.0.1:9/none', 'what://'])
      expect(await candidates('report', '--storage', address, '')).not.toContain('resnet-1');
    expect(existsSync(join(folder, 'nowhere')) || existsSync(join(folder, 'none.db'))).toBe(false);
  });
});

/** How each shell starts without anybody's settings, and reads the script. */
const shells = {
  bash: { program: ['bash', '--norc', '--noprofile', '-i'], load: 'eval "$(foothold completion bash)"' },
  zsh: {
    program: ['zsh', '-f', '-i'],
    load: 'autoload -Uz compinit && compinit -u -D && eval "$(foothold completion zsh)"',
  },
  fish: { program: ['fish', '--no-config', '-i'], load: 'foothold completion fish | source' },
} as const;

describe.each(Object.entries(shells))(
  'completion in %s',
  { timeout: 180_000 },
  (shell, { program, load }) => {
    const missing =
      noTerminal ??
      (spawnSync(program[0], ['--version']).error
        ? `there is no ${shell} here: its test is skipped`
        : undefined);
    if (missing !== undefined) console.log(`completion.test.ts: ${missing}`);

    it.skipIf(missing !== undefined)(
      'completes commands, options, values and studies as they are typed',
      async () => {
        const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, PS1: '> ', HOME: folder };
        const session = inTerminal([], { cwd: folder, columns: 120, rows: 30, env, program });
        session.type(`${load}; echo lo''aded\n`);
        await session.until((text) => /^loaded/m.test(text));
        for (const [typed, whole] of [
          ['foothold stu', 'foothold studies '],
          ['foothold tune --sam', 'foothold tune --sampler '],
          ['foothold tune --sampler tr', 'foothold tune --sampler trust-region '],
          ['foothold tune --sampler=tr', 'foothold tune --sampler=trust-region '],
          [
            "foothold tune --run '`touch evil` {x}' --method au",
            "foothold tune --run '`touch evil` {x}' --method auto ",
          ],
          ['foothold watch res', 'foothold watch resnet-'],
          ['foothold report --storage elsewhere b', 'foothold report --storage elsewhere bert '],
          ['foothold tune --space spa', 'foothold tune --space space.json '],
          ['foothold watch v', 'foothold watch vit.b-16 '],
        ] as const) {
          session.type(`${typed}\t`);
          await session.until((text) => text.includes(whole.trimEnd()));
          session.type('\u0015'); // Ctrl-U empties the line
          await session.until((text) => !text.includes(whole.trimEnd()));
        }
        session.type('exit\n');
        await session.ended;
        expect(existsSync(join(folder, 'evil'))).toBe(false);
      },
    );
  },
);
