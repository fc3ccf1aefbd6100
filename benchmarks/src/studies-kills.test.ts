import { afterAll, describe, expect, it } from 'vitest';
import { killWorkers } from './studies-kills.ts';
import { storages } from './studies-storages.ts';

const removals: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const remove of removals) await remove();
});

describe('eight processes on one study, killed by SIGKILL at random moments', () => {
  it.each(Object.keys(storages).filter((name) => storages[name]!.isShared))(
    '%s: lose and double nothing that was acknowledged in 60 kills, and leave no trial behind',
    async (storage) => {
      const { address, remove } = await storages[storage]!.prepare();
      removals.push(remove);
      const result = await killWorkers({ storage, address, kills: 60, processes: 8, seed: 1 });
      console.info(`${storage}: ${JSON.stringify(result)}`);
      expect(result.faults).toEqual([]);
      expect(result.kills).toBe(60);
      expect(result.tells).toBeGreaterThan(0);
      expect(result.during.ask + result.during.report + result.during.tell).toBeGreaterThan(0);
    },
    900_000, // a machine with much other work
  );
});
