import { describe, expect, it } from 'vitest';
import { checkedJson } from './checked-json.ts';
import { requestSchemas } from './request-schemas.ts';

/** The refusal of a `create` with these members. */
function refusal(members: object) {
  try {
    checkedJson({ op: 'create', ...members }, { op: 'create', schema: requestSchemas.create });
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

describe('a request that is refused', () => {
  it.each([
    [{ seed: 1.5 }, 'seed is 1.5, allowed is a whole number'],
    [{ trials: 0 }, 'trials is 0, allowed is >=1'],
    [{ limits: 3 }, 'limits is 3, allowed is a list'],
    [{ seed: 1, more: 2 }, 'more is 2, allowed is nothing: there is no such member'],
    [
      { limits: [{ metric: 'm', max: 3 }] },
      'limits.0 is {"metric":"m","max":3}, allowed is {"metric":"memory","atMost":8} or {"metric":"accuracy","atLeast":0.9}',
    ],
    [
      { transfer: [{ trials: [{ params: { x: 0.5 }, valeu: 1 }] }] },
      'transfer.0.trials.0.valeu is 1, allowed is nothing: there is no such member',
    ],
    [
      { transfer: [{ trials: [{ value: 1 }] }] },
      'transfer.0.trials.0.params is undefined, allowed is a value: this member is needed',
    ],
    [
      { transfer: [{ trial: [] }] },
      'transfer.0 is {"trial":[]}, allowed is {"trials":[{"params":{"lr":0.1},"value":0.3}]} or {"path":"runs.csv"}, ' +
        'each also with name, direction, metaFeatures and weight',
    ],
    [{ transfer: [3] }, /^transfer\.0 is 3, allowed is \{"trials"/],
    [{ space: [] }, 'space is [], allowed is an object'],
    [
      { transfer: [{ trials: [{ params: { x: 1 }, value: 1, metrics: [2] }] }] },
      'transfer.0.trials.0.metrics is [2], allowed is an object',
    ],
    [{ sampler: 3 }, 'sampler is 3, allowed is a name, or {"name":NAME} with the options of this name'],
  ])('names what is wrong in %j, and what is allowed', (members, message) => {
    expect(refusal(members)).toMatch(message);
  });

  it.each([
    ['tell', { number: 0, value: 1, metrics: [0.3] }, 'metrics is [0.3], allowed is an object'],
    ['note', { attributes: ['a'] }, 'attributes is ["a"], allowed is an object'],
    ['enqueue', { params: [] }, 'params is [], allowed is an object'],
    ['ask', { fixed: [0.5] }, 'fixed is [0.5], allowed is an object'],
    ['load', { trials: [{ params: [1], value: 1 }] }, 'trials.0.params is [1], allowed is an object'],
  ] as const)('takes no list for an object: %s', (op, members, message) => {
    expect(() => checkedJson({ op, ...members }, { op, schema: requestSchemas[op] })).toThrow(message);
  });
});
