import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { minimize } from './minimize.ts';
import { multiFidelity } from './multi-fidelity/multi-fidelity.ts';

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
type P = ReturnType<typeof space.decode>;
const bowl = ({ x, y }: P) => (x - 0.3) ** 2 + (y - 0.7) ** 2;
/** What the objective does where x is above 0.6: returns a penalty, or throws. */
const beyond = (penalty: number | undefined): number => {
  if (penalty === undefined) throw new Error('diverged');
  return penalty;
};

describe('penalties on a part of the space', () => {
  it('F5: leave the default sampler where failures leave it, beside earlier studies with penalties too', async () => {
    const objective = (penalty?: number) => (p: P) => (p.x > 0.6 ? beyond(penalty) : bowl(p));
    const past = (penalty: number) => ({
      name: 'earlier',
      trials: Array.from({ length: 20 }, (_, k) => {
        const params = { x: (k * 0.618) % 1, y: (k * 0.755) % 1 };
        return { params, value: params.x > 0.6 ? penalty : bowl(params) + 0.02 * params.x };
      }),
    });
    const options = { trials: 15, seed: 1 };
    const points = async (penalty: number | undefined, transfer: ReturnType<typeof past>[] = []) =>
      (await minimize(objective(penalty), space, { ...options, transfer })).trials.map(
        ({ params }) => params,
      );
    expect(await points(1e3)).toEqual(await points(undefined));
    expect(await points(1e300)).toEqual(await points(undefined));
    expect(await points(1e300, [past(1e30)])).toEqual(await points(undefined, [past(1e6)]));
  });

  it('F5: leave a search over fidelities where failures leave it, and are named for each fidelity', async () => {
    const search = (penalty?: number) =>
      multiFidelity({
        space,
        seed: 0,
        budget: 30,
        fidelities: [{ fidelity: 1 }, { fidelity: 3 }],
        evaluate: (p, { fidelity }) => (p.x > 0.6 ? beyond(penalty) : bowl(p) + (0.1 * p.x) / fidelity),
      });
    const [observed, failed] = [await search(1e10), await search()];
    expect(observed.params).toEqual(failed.params);
    const notes = (await observed.study.trials()).flatMap(({ why }) => (why?.['outliers'] as string[]) ?? []);
    expect(notes.at(-1)).toMatch(/^value at fidelity \d: \d+ trials? far above [\d.]+ counts? as failed$/);
  });
});
