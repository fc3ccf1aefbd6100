import { describe, expect, it } from 'vitest';
import { allowedParameters } from './allowed-command.ts';

const node = `"${process.execPath}"`;

describe('the parameters of an allowed command', () => {
  it.each([
    ['train.py --lr {lr} {opt.name}', { lr: true, 'opt.name': true }],
    ["'{print $1}' scores.txt", {}],
    ["'{print}' {file}", { print: false, file: true }],
    ['--lr={lr} "{quoted}" a{part}', { lr: false, quoted: false, part: false }],
    ['{both} --x={both}', { both: false }],
    ['{amp?--amp} {n?--a:--b}', { amp: true, n: true }],
    ['{trial} {slot} {{text}} {1} {"a": 1}', {}],
  ])('%s', (rest, expected) => {
    const found = allowedParameters(`${node} ${rest}`).map(({ name, isArgument }) => [name, isArgument]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it('may not set a variable by a text', () => {
    expect(allowedParameters(`NODE_OPTIONS={o} ${node} a.js`)).toEqual([{ name: 'o', isArgument: false }]);
  });

  it.each(['{two words}', `$${'{HOME}'}`, '{opt/wd}'])('refuse %s, which may be meant as one', (word) => {
    expect(() => allowedParameters(`${node} a.js ${word}`)).toThrow(/--allow is/);
  });
});
