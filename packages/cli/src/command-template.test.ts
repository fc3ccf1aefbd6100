import { InvalidArgumentError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { commandTemplate } from './command-template.ts';

const argv = (
  text: string,
  values: Record<string, string | number | boolean | null>,
  names = Object.keys(values),
) => commandTemplate(text, names).filled(values).command;

describe('a command template', () => {
  it('keeps each value within its own argument, whatever its text', () => {
    expect(
      argv('python train.py --lr {lr} --name={act}', { lr: 0.1, act: 'a; rm -rf "$HOME" {lr}' }),
    ).toEqual(['python', 'train.py', '--lr', '0.1', '--name=a; rm -rf "$HOME" {lr}']);
  });
  it.each([
    [`sh -c "echo '{x}'"`, ['sh', '-c', "echo '1'"]],
    [String.raw`a\ b "c \" d" 'e \ f' ""`, ['a b', 'c " d', String.raw`e \ f`, '']],
    [String.raw`C:\dir\prog.exe {x}`, [String.raw`C:\dir\prog.exe`, '1']],
    ['a\'b\'"c"{x}d', ['abc1d']],
    ['node -p ({x}-0.3)**2', ['node', '-p', '(1-0.3)**2']],
    ["node -p '{x} | 0'", ['node', '-p', '1 | 0']],
    [String.raw`find . -exec ls {} \;`, ['find', '.', '-exec', 'ls', '{}', ';']],
  ])('splits %s as a shell would', (text, words) => {
    expect(argv(text, { x: 1 })).toEqual(words);
  });
  it('drops the argument, and the flag before it, of a parameter without a value', () => {
    const names = ['opt', 'momentum', 'beta'];
    const text = 'train --opt {opt} --momentum {momentum} --beta={beta} out';
    expect(argv(text, { opt: 'adam', beta: 0.9 }, names)).toEqual([
      'train',
      '--opt',
      'adam',
      '--beta=0.9',
      'out',
    ]);
    expect(argv(text, { opt: 'sgd', momentum: 0.5, beta: null }, names)).toEqual([
      'train',
      '--opt',
      'sgd',
      '--momentum',
      '0.5',
      'out',
    ]);
    expect(argv('train --quick --beta={beta}', {}, names)).toEqual(['train', '--quick']);
  });
  it('writes a flag by whether its parameter is true', () => {
    const text = 'train {amp?--amp} --x {fast?--bits 16:--bits 32} "{amp?a b}"';
    expect(argv(text, { amp: true, fast: false })).toEqual(['train', '--amp', '--x', '--bits', '32', 'a b']);
    expect(argv('train {amp?--amp} end', { amp: 0 })).toEqual(['train', 'end']);
    expect(argv('train {amp?--amp} end', {}, ['amp'])).toEqual(['train', 'end']);
    expect(() => argv('train {amp?--amp}', { amp: 'maybe' })).toThrow(
      'amp is "maybe", allowed is true or false',
    );
  });
  it.each([
    ['opt/wd', 'p {opt/wd}'],
    ['learning rate', 'p {learning rate}'],
    ['größe', 'p {größe}'],
    ['0.lr', 'p {0.lr}'],
    ['a"b', 'p {a"b}'],
    ['a}b', 'p {a}b}'],
    ['$x', 'p {$x}'],
    ['x?y', 'p {x?y}'],
    ['3', 'p {3}'],
  ])('F11: fills a parameter called %s', (name, text) => {
    expect(argv(text, { [name]: 'a value' })).toEqual(['p', 'a value']);
    const shell = commandTemplate(text, [name], { shell: true });
    expect([...shell.names]).toEqual([name]);
    expect(shell.filled({ [name]: 1 }).env).toEqual({ FOOTHOLD_VALUE_1: '1' });
  });
  it.each([
    'train {lrr}',
    'train {learning rat}',
    'train {LR}',
    'train { lr }',
    'train {lr/x}',
    'train --c={größe}',
    "train '{trail}'",
  ])('F11: refuses what is no name in %s', (text) => {
    for (const shell of [false, true])
      expect(() => commandTemplate(text, ['lr'], { shell })).toThrow(
        /--run is "\{.*\}", allowed is a parameter of the space: \{lr\}, \{trial\}; \{\{.*\}\} for the text/,
      );
  });
  it.each([
    [`p --cfg '{"a":{x}}'`, '{"a":1}'],
    [`p --cfg '{"a":{"b":{x}}}'`, '{"a":{"b":1}}'],
    [`p --cfg '{"a":[{x},{x}],"b":{}}'`, '{"a":[1,1],"b":{}}'],
    [`p --cfg '{{x}}'`, '{x}'],
    [`p --cfg '{{learning rat}}'`, '{learning rat}'],
    [`p --cfg 'a{3}b{2,4} {print $1}'`, 'a{3}b{2,4} {print $1}'],
  ])('F11: leaves the braces of JSON and other text in %s', (text, last) => {
    expect((argv(text, { x: 1 }) as string[]).at(-1)).toBe(last);
  });
  it('F11: fills a parameter called trial, and says so', () => {
    const template = commandTemplate('node -p {trial}', ['trial']);
    expect(template.filled({ trial: 7 }).command).toEqual(['node', '-p', '7']);
    expect(template.notes[0]).toContain('{trial} is the parameter of this name; FOOTHOLD_TRIAL');
  });
  it('F12: sets variables before the program', () => {
    const template = commandTemplate(`LR={lr} NAME='{act} b' python3 t.py`, ['lr', 'act']);
    expect(template.program).toBe('python3');
    expect(template.filled({ lr: 0.5, act: 'a' })).toEqual({
      command: ['python3', 't.py'],
      env: { LR: '0.5', NAME: 'a b' },
    });
    expect(template.filled({ act: 'a' }).env).toEqual({ NAME: 'a b' });
    expect(() => commandTemplate('LR={lr}', ['lr'])).toThrow('a program after the variables');
  });
  it.each(['a | b', 'a && b', 'a {x} > log', 'a 2>&1', 'a >log', 'cd a; b', 'a & b', 'a < b'])(
    'F12: refuses %s without a shell, and names --shell',
    (text) => {
      expect(() => commandTemplate(text, ['x'])).toThrow(/add --shell/);
      expect(commandTemplate(text, ['x'], { shell: true }).notes).toEqual([]);
    },
  );
  it.each(['a $HOME', 'a "b" ~/data', 'a *.csv', 'a data/?.csv', 'a `date`', 'a $(date)'])(
    'F12: says that %s needs a shell',
    (text) => {
      expect(commandTemplate(text, ['x']).notes[0]).toContain('is passed on as it stands; add --shell');
      expect(commandTemplate(text.replace('a ', "a '").concat("'"), ['x']).notes).toEqual([]);
    },
  );
  it('F12: names --shell for a variable in braces', () => {
    expect(() => commandTemplate('echo $' + '{HOME} {x}', ['x'])).toThrow('is for a shell: add --shell');
  });
  it('refuses empty commands and open quotes', () => {
    expect(() => commandTemplate('  ', ['lr'])).toThrow(InvalidArgumentError);
    expect(() => commandTemplate("a 'b", ['lr'])).toThrow("each ' is closed");
  });
  it('P4: lets no text into the script of a shell', () => {
    const template = commandTemplate('sh -c "prog {c}" x', ['c']);
    expect(template.filled({ c: 'adam w-1' }).command).toEqual(['sh', '-c', 'prog adam w-1', 'x']);
    for (const c of ['$(touch x)', '`x`', 'a;b', "'", 'a\nb', 'a|b'])
      expect(() => template.filled({ c })).toThrow('write sh -c \'prog "$1"\' sh {c}');
    expect(commandTemplate(`sh -c 'prog "$1"' sh {c}`, ['c']).filled({ c: '$(x)' }).command).toEqual([
      'sh',
      '-c',
      'prog "$1"',
      'sh',
      '$(x)',
    ]);
  });
  it('knows the trial number and the names in use', () => {
    const template = commandTemplate('train {lr} --out run-{trial}', ['lr', 'width']);
    expect([...template.names]).toEqual(['lr', 'trial']);
    expect(template.filled({ lr: 1, trial: 7 }).command).toEqual(['train', '1', '--out', 'run-7']);
  });
});
