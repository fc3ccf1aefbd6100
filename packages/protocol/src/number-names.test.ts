import { describe, expect, it } from 'vitest';
import { jsonWithNumberNames } from './number-names.ts';
import { askTellSession } from './session.ts';

const session = async () => {
  const { answer } = askTellSession({ now: () => 0 });
  await answer('{"op":"create","space":{"x":{"type":"real","low":0,"high":1}},"sampler":"random"}');
  await answer('{"op":"ask"}');
  return async (line: string) =>
    ((await answer(line)) as { error?: { code: string; message: string } }).error;
};

describe('numbers that JSON lacks', () => {
  const told = 'allowed is a finite number, or "state":"failed" with a "reason"';
  it.each([
    ['{"op":"tell","number":0,"value":NaN}', `value is NaN, ${told}`],
    ['{"op": "tell", "number": 0, "value": -Infinity}', `value is -Infinity, ${told}`],
    ['{"op":"tell","number":0,"value":Infinity}', `value is Infinity, ${told}`],
    ['{"op":"tell","number":0,"value":1e999}', `value is Infinity, ${told}`],
    ['{"op":"tell","number":0,"value":null}', `value is null, ${told}`],
    [
      '{"op":"tell","number":0,"value":1,"standardError":NaN}',
      'standardError is NaN, allowed is a finite number',
    ],
    [
      '{"op":"tell","number":0,"value":1,"metrics":{"a":NaN}}',
      'metrics.a is NaN, allowed is a finite number',
    ],
    ['{"op":"report","number":0,"step":1,"value":NaN}', 'value is NaN, allowed is a finite number'],
    ['{"op":"report","number":0,"step":Infinity,"value":1}', 'step is Infinity, allowed is a finite number'],
    ['{"op":"load","trials":[{"params":{"x":0.5},"value":NaN}]}', `trials.0.value is NaN, ${told}`],
    ['{"op":"enqueue","params":{"x":NaN}}', 'params.x is NaN, allowed is a finite number'],
    ['{"op":"ask","fixed":{"x":NaN}}', 'fixed.x is NaN, allowed is a finite number'],
    ['{"op":"tell","number":0,"value":nan}', 'the line is'],
    ['NaN', 'op is undefined'],
  ])('F16: %s is answered by name', async (line, message) => {
    const error = await (await session())(line);
    expect(error?.code).toBe('InvalidArgumentError');
    expect(error?.message).toContain(message);
  });
  it('are read beside texts that have the same letters', () => {
    expect(
      jsonWithNumberNames(String.raw`{"NaN":"a\"NaN, -Infinity","b":[NaN,-Infinity,Infinity,1]}`),
    ).toEqual({
      NaN: 'a"NaN, -Infinity',
      b: [Number.NaN, -Infinity, Infinity, 1],
    });
    expect(() => jsonWithNumberNames('{"a":NaN')).toThrow(SyntaxError);
  });
});
