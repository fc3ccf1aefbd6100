import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { runCommand } from './run-command.ts';

const lines = codeBlocks(join(root, 'docs/scale.md'))
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.trim().split('\n'));

interface FleetRow {
  readonly check?: { readonly faults: readonly string[] };
  readonly acknowledged?: number;
  readonly trials?: number;
}

async function summaryOf(
  line: string,
): Promise<Readonly<Record<string, FleetRow & Record<string, unknown>>>> {
  const words = /^pnpm bench (.*)$/.exec(line)![1]!.split(' ');
  const main = join(root, 'benchmarks/src/main.ts');
  const run = await runCommand(process.execPath, ['--conditions=@foothold/source', main, ...words], {
    timeout: 300_000,
  });
  expect(run.code, run.stderr).toBe(0);
  return JSON.parse(run.stdout.trim().split('\n').at(-1)!).summary;
}

describe('docs/scale.md', () => {
  it('has a command for each part of the simulator', () => {
    expect(lines).toEqual(
      ['million', 'samplers', 'policies'].map((part) => `pnpm bench fleet ${part} --quick`),
    );
  });

  it('simulates a fleet whose log has every trial once', { timeout: 320_000 }, async () => {
    const { million } = await summaryOf(lines[0]!);
    expect(million!.check!.faults).toEqual([]);
    expect(million!.acknowledged! + Number((million!.check as unknown as { givenUp: number }).givenUp)).toBe(
      million!.trials,
    );
  });

  it('measures every sampler of its table', { timeout: 320_000 }, async () => {
    const { samplers } = await summaryOf(lines[1]!);
    const page = readFileSync(join(root, 'docs/scale.md'), 'utf8');
    for (const [sampler, times] of Object.entries(samplers!)) {
      expect(page).toContain(`| \`${sampler}\` |`);
      expect(Object.keys(times as object)).toEqual(['100', '1000']);
    }
  });

  it('compares every policy of its table', { timeout: 320_000 }, async () => {
    const { policies } = await summaryOf(lines[2]!);
    for (const durations of ['short', 'long']) {
      const functions = policies![durations] as Readonly<Record<string, unknown>>;
      expect(Object.keys(functions)).toEqual(['hartmann6']);
      const of = functions['hartmann6'] as Readonly<Record<string, { readonly busyShare: number }>>;
      expect(Object.keys(of)).toEqual(['batch', 'asynchronous', 'prepared', 'random']);
      expect(of['batch']!.busyShare).toBeLessThan(of['asynchronous']!.busyShare);
    }
  });
});
