/** `serveStudies` and `remoteStudy` on Bun and Deno, where these are installed. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { memoryStorage, optimize } from '../packages/foothold/src/index.ts';
import { serveStudies } from '../packages/foothold/src/server.ts';
import { remoteStudy } from '../packages/foothold/src/server-remote.ts';
import { runCommand } from './run-command.ts';

const program = fileURLToPath(new URL('runtimes/serve-and-ask.ts', import.meta.url));
const conditions = '--conditions=@foothold/source';
const runtimes = [
  { name: 'bun', args: [conditions, program] },
  {
    name: 'deno',
    args: ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', conditions, program],
  },
] as const;
const isHere = (name: string) => spawnSync(name, ['--version']).status === 0;

/** What the program asks for, by a server in this process. */
async function paramsOnNode(): Promise<readonly number[]> {
  const token = 'a-token-of-16-characters-or-more';
  const server = serveStudies({ storage: memoryStorage(), token, clock: () => Date.now() });
  const study = await remoteStudy('http://localhost', {
    ...{ name: 'parabola', token, fetch: async (url, init) => server.fetch(new Request(url, init)) },
    create: { space: { x: { type: 'real', low: -1, high: 1 } }, direction: 'minimize', seed: 3 },
  });
  await optimize(study, ({ x }) => (Number(x) - 0.25) ** 2, { trials: 14 });
  const params = (await study.trials()).map((trial) => Number(trial.params['x']));
  server.close();
  return params;
}

describe('the server', () => {
  for (const { name, args } of runtimes) {
    const title = `answers at a port of ${name} and suggests there what it suggests on Node`;
    if (!isHere(name)) {
      it.skip(`${title} (skipped: there is no ${name} in PATH)`);
      continue;
    }
    it(title, { timeout: 60_000 }, async () => {
      const ran = await runCommand(name, args);
      expect(ran.code, ran.stderr).toBe(0);
      const { params, sampler, statuses } = JSON.parse(ran.stdout.trimEnd().split('\n').at(-1)!) as {
        readonly params: readonly number[];
        readonly sampler: string;
        readonly statuses: readonly number[];
      };
      const expected = await paramsOnNode();
      expect(params).toHaveLength(expected.length);
      // The engines' own exp, log and sin differ in their last bits.
      for (const [i, x] of params.entries()) expect(x).toBeCloseTo(expected[i]!, 4);
      expect(sampler).toBe('bayesian');
      expect(statuses).toEqual([401, 200, 404]);
    });
  }
});
