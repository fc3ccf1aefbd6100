import { describe, expect, it } from 'vitest';
import { open } from '../study.fixture.ts';
import type { Evaluation } from './evaluate.ts';
import { optimize } from './optimize.ts';

const circle: Record<string, unknown> = {};
circle['self'] = circle;

/** What became of a trial whose objective returned this. */
async function told(result: unknown) {
  const study = open();
  await optimize(study, () => result as Evaluation, { newTrials: 1 });
  const [trial] = await study.trials();
  return trial?.state === 'failed' ? trial.reason : trial;
}

describe('what an objective returns', () => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['0.5', '"0.5"'],
    [[0.5], '[0.5]'],
    [true, 'true'],
    [() => 1, 'a function'],
    [Symbol('a'), 'Symbol(a)'],
    [{}, '{}'],
    [{ loss: 0.5 }, '{"loss":0.5}'],
    [circle, 'an object'],
    [Promise.resolve(undefined), 'undefined'],
    [Promise.resolve('0.5'), '"0.5"'],
  ])('F16: %s is a failed trial that says so', async (result, shown) => {
    expect(await told(result)).toBe(
      `the objective returned ${shown}, allowed is a finite number or an outcome, such as { value: 0.5 }`,
    );
  });
  it.each([
    [Number.NaN, 'value = NaN, allowed is a finite number'],
    [{ value: '1' }, 'value = "1", allowed is a finite number'],
    [{ value: 1, metrics: { a: null } }, 'a = null, allowed is a finite number'],
    [{ value: 1, metrics: null }, 'metrics = null, allowed is an object'],
    [{ state: 'done', value: 1 }, 'the state "done", allowed is complete, pruned or failed'],
    [{ state: 'failed' }, 'a failure without a reason'],
    [{ state: 'complete' }, '{"state":"complete"}, allowed is a finite number or an outcome'],
  ])('F16: %j is a failed trial that names the figure', async (result, reason) => {
    expect(await told(result)).toContain(`the objective returned ${reason}`);
  });
  it('F16: a BigInt is no number', async () => {
    expect(await told(10n)).toContain('the objective returned 10n, allowed is a finite number or an outcome');
    expect(await told({ big: 1n })).toContain('the objective returned {"big":"1n"}, allowed');
    expect(await told({ value: 1n })).toContain(
      'the objective returned value = 1n, allowed is a finite number',
    );
  });
  it('is refused by tell as well', async () => {
    const study = open();
    const { number } = await study.ask();
    for (const outcome of [undefined, null, 'x', { state: 'complete', value: 1, metrics: null }])
      await expect(study.tell(number, outcome as never)).rejects.toMatchObject({
        name: 'InvalidArgumentError',
      });
  });
});
