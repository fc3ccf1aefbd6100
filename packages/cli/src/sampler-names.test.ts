import { samplerNamed, samplerNames, samplerOfLog } from '@foothold/protocol';
import { describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';

describe('samplers by name', () => {
  it('stand in the help of tune, all of them', { timeout: 30_000 }, async () => {
    const { out } = await commandIn(process.cwd())(['tune', '--help']);
    const listed = /--sampler <name>(.*?)\(default:/s.exec(out)![1]!;
    expect(listed.split(',').map((name) => name.trim())).toEqual(samplerNames);
  });

  it.each(samplerNames)('%s is made again from what a log has of it', async (name) => {
    const made = await samplerNamed(name === 'grid' ? { name, levels: 4 } : name);
    const again = samplerOfLog(
      { name: made.name!, options: made.options ?? {} },
      { sources: [], by: 'a test', advice: '' },
    );
    expect([again.name, again.options]).toEqual([made.name, made.options]);
  });

  it('are refused with the names that there are', async () => {
    await expect(samplerNamed('magic')).rejects.toThrow(
      `sampler is "magic", allowed is one of ${samplerNames.join(', ')}`,
    );
    await expect(samplerNamed('random', { sources: [{ trials: [] }] })).rejects.toThrow(
      'nothing with the sampler random; auto and gp start from earlier studies',
    );
  });
});
