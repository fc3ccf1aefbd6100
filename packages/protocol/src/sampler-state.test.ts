import { expect, it } from 'vitest';
import { askTellSession } from './session.ts';

const space = { x: { type: 'real', low: -5, high: 5 }, y: { type: 'real', low: -5, high: 5 } };
const create = { op: 'create', space, seed: 3 };

interface Asked {
  readonly number: number;
  readonly params: { readonly x: number; readonly y: number };
  readonly samplerState?: object;
}

function talk() {
  const { answer } = askTellSession({ now: () => 0 });
  return (request: object) => answer(JSON.stringify(request)) as Promise<Record<string, unknown>>;
}

async function asked(call: ReturnType<typeof talk>, request: object = {}): Promise<Asked> {
  return ((await call({ op: 'ask', ...request }))['trials'] as Asked[])[0]!;
}

const bowl = ({ params: { x, y } }: Asked) => (x - 0.7) ** 2 + (y + 1.3) ** 2;

it('goes on as it would have when its trials are loaded into another process with what the sampler kept', async () => {
  const first = talk();
  await first(create);
  const trials: object[] = [];
  const next: object[] = [];
  for (let k = 0; k < 14; k++) {
    const trial = await asked(first, { samplerState: true });
    expect(trial.samplerState).toBeTypeOf('object');
    const value = bowl(trial);
    await first({ op: 'tell', number: trial.number, value });
    if (k < 10) trials.push({ params: trial.params, value, samplerState: trial.samplerState });
    else next.push(trial.params);
  }
  const second = talk();
  await second(create);
  expect(await second({ op: 'load', trials })).toEqual({ ok: true, loaded: 10 });
  for (const params of next) {
    const trial = await asked(second);
    expect(trial).not.toHaveProperty('samplerState');
    expect(trial.params).toEqual(params);
    await second({ op: 'tell', number: trial.number, value: bowl(trial) });
  }
});

it('names a state that is no object', async () => {
  const call = talk();
  await call(create);
  const trials = [{ params: { x: 0, y: 0 }, value: 1, samplerState: 7 }];
  expect(await call({ op: 'load', trials })).toMatchObject({
    error: { code: 'InvalidArgumentError', message: expect.stringContaining('samplerState is 7') },
  });
});
