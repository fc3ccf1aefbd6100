import { InvalidArgumentError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { parsedJson } from './checked-json.ts';
import { repeatedName } from './repeated-name.ts';

describe('a name that an object has twice', () => {
  it.each([
    ['{"x":1,"x":2}', 'x'],
    ['{"a":[{"b":{"c":1 , "c" : 2}}]}', 'c'],
    ['{"lr":1,"l\\u0072":2}', 'lr'],
    ['{"":1,"":2}', ''],
    ['{"a\\"b":1,"a\\"b":2}', 'a"b'],
  ])('is found in %s', (text, name) => {
    expect(repeatedName(text)).toBe(name);
  });

  it.each([
    '{"x":{"x":{"x":1}},"y":{"x":"x"}}',
    '[{"x":1},{"x":2}]',
    '{"a":"\\"a\\":1","b":["a","a"],"c":"{\\"a\\""}',
    '"x"',
    '',
  ])('is not found in %s', (text) => {
    expect(repeatedName(text)).toBeUndefined();
  });

  it('is an error of a request that names it', () => {
    const parse = () =>
      parsedJson('the line', '{"op":"create","space":{"x":{"type":"boolean"},"x":{"type":"boolean"}}}');
    expect(parse).toThrow(InvalidArgumentError);
    expect(parse).toThrow('a name is "x", allowed is each name once in an object');
  });
});
