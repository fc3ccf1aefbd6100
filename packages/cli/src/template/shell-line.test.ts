import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { shellLine } from './shell-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-shell-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'only'), '');

const shells = ['/bin/sh', '/bin/bash'].filter((shell) => existsSync(shell));
const windows = process.platform === 'win32' ? 'no POSIX shell here' : false;
const names = ['c', 'd', 'n'];

/** Prints its arguments with a NUL after each, and a line of its own kind at the end. */
const show = `show() { for a do printf '%s\\0' "$a"; done; printf '\\1'; }`;

/** What the line does in a real shell. */
function run(shell: string, text: string, values: Record<string, string | number | boolean>) {
  const { line, env } = shellLine(text, names, 'linux').fill(values);
  const { stdout, stderr } = spawnSync(shell, ['-c', `${show}\n${line}`], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/home/u', ...env },
  });
  return { stdout, stderr, line };
}
const argumentsOf = (shell: string, text: string, values: Record<string, string | number | boolean>) => {
  const { stdout, stderr, line } = run(shell, text, values);
  expect(stderr, line).toBe('');
  return stdout
    .split('\u0001')
    .slice(0, -1)
    .map((row) => row.split('\0').slice(0, -1));
};

const hostile = [
  '$(touch x)',
  "'; touch x; '",
  '"; touch x; "',
  '`touch x`',
  'a\ntouch x\n',
  '-rf',
  '; touch x #',
  '&& touch x',
  '| touch x',
  '> x',
  '$HOME ~ * ?',
  '$' + '{HOME}',
  "'\\''\"\\\"",
  '\\',
  '!!',
  'a[$(touch x)]',
  'größe 🙂\t ',
  '',
  '{d}',
  '"$(touch x)"',
];
/** Lines, and the arguments that they give for the value c. */
const lines: readonly (readonly [string, (c: string) => string[]])[] = [
  ['show {c}', (c) => [c]],
  ['show "{c}"', (c) => [c]],
  ["show '{c}'", (c) => [c]],
  ['show "a {c} b"', (c) => [`a ${c} b`]],
  ["show 'a {c} b'", (c) => [`a ${c} b`]],
  ['show --x={c}', (c) => [`--x=${c}`]],
  ['show a{c}b"{c}"\'{c}\'', (c) => [`a${c}b${c}${c}`]],
  ['show "$(printf %s. {c})"', (c) => [`${c}.`]],
  ['show "$(printf %s. "{c}")"', (c) => [`${c}.`]],
  ["show \"$(printf '%s.' '{c}')\"", (c) => [`${c}.`]],
  ['X={c}; show "$X"', (c) => [c]],
  ['X={c} && show "$X" # don\'t {c}', (c) => [c]],
  ['show "it\'s {c}" \'say "{c}"\'', (c) => [`it's ${c}`, `say "${c}"`]],
  ['f() { show "$1" {c}; }; f {c}', (c) => [c, c]],
  ['(show {c})', (c) => [c]],
  ['if true; then show {c}; fi', (c) => [c]],
  ['case {c} in *) show {c};; esac', (c) => [c]],
  ['for i in {c}; do show "$i"; done', (c) => [c]],
  ['show {c} 2>&1 | cat', (c) => [c]],
  ['show \\"{c} \\\'{c}', (c) => [`"${c}`, `'${c}`]],
];

describe.skipIf(windows)('a line for a shell (not on Windows: there is no POSIX shell)', () => {
  for (const shell of shells)
    it.each(lines)(`P4: in ${shell}, %s takes every value as data`, { timeout: 60_000 }, (text, expected) => {
      for (const c of hostile)
        expect(argumentsOf(shell, text, { c }), JSON.stringify(c)).toEqual([expected(c)]);
      expect(readdirSync(folder)).toEqual(['only']);
    });

  const again = [
    'eval "show {c}"',
    "sh -c 'show {c}'",
    '/bin/sh -ec "show {c}"',
    'env bash -c "show {c}"',
    'ssh host "show {c}"',
    'show `printf %s {c}`',
    'show "`printf %s {c}`"',
    'show $(( {c} + 1 ))',
    'show $' + '{X:-{c}}',
    "show $'a {c}'",
    'cat <<EOF\n{c}\nEOF\n',
    "cat <<'EOF'\n{c}\nEOF\n",
    '[[ {c} -eq 1 ]]',
    'let "a={c}"',
    'trap {c} EXIT',
    '$SHELL -c "show {c}"',
  ];
  it.each(again)(
    'P4: refuses text where it would be read as commands, and writes plain values: %s',
    (text) => {
      const line = shellLine(text, names, 'linux');
      for (const c of hostile.filter((value) => !/^[-\w]*$/.test(value)))
        expect(() => line.fill({ c }), c).toThrow(/c is ".*, allowed is letters, digits/);
      expect(line.fill({ c: 0.5 })).toEqual({ line: text.replaceAll('{c}', '0.5'), env: {} });
      expect(line.fill({ c: 'adam-w_1.0' }).env).toEqual({});
    },
  );

  it.each(shells)('F12: leaves $' + '{…} to %s, and {{…}} is text', (shell) => {
    expect(run(shell, 'echo $' + '{HOME} {n}', { n: 0.5 }).stdout).toBe('/home/u 0.5\n');
    expect(run(shell, "echo '{{n}}' {n} > out; cat out; rm out", { n: 1 }).stdout).toBe('{n} 1\n');
    expect(run(shell, 'echo {n}>out; cat out; rm out', { n: 1 }).stdout).toBe('1\n');
    expect(run(shell, 'echo $(( {n} * 2 ))', { n: 3 }).stdout).toBe('6\n');
    expect(run(shell, 'cat <<EOF\nlr={n}\nEOF\necho "{c}"', { n: 3, c: 'a  b' }).stdout).toBe('lr=3\na  b\n');
    expect(run(shell, `echo '{"a":{"b":{n}}}'`, { n: 3 }).stdout).toBe('{"a":{"b":3}}\n');
  });

  it('takes the word, and the flag before it, of a parameter without a value away', () => {
    const fill = (text: string, values = {}) => shellLine(text, names, 'linux').fill(values).line;
    expect(fill('prog --c {c} --d={d} end')).toBe('prog   end');
    expect(fill('prog --c "{c}" end')).toBe('prog --c "" end');
    expect(fill('prog {c};')).toBe('prog ;');
    expect(fill('X={c}; prog')).toBe("X=''; prog");
    expect(fill('prog --quick --d={d}')).toBe('prog --quick ');
    expect(fill('prog {c?--c} {d?--d:--no-d}', { c: true, d: false })).toBe('prog --c --no-d');
  });
});
