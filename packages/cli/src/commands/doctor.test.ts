import { describe, expect, it, vi } from 'vitest';
import { doctor } from './doctor.ts';

/** What the command prints. */
async function printed(options: Parameters<typeof doctor>[0]): Promise<string> {
  let text = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  try {
    await doctor(options);
  } finally {
    spy.mockRestore();
  }
  return text;
}

describe('foothold doctor', () => {
  it('prints a table and which backend is worth it', { timeout: 60_000 }, async () => {
    const text = await printed({ sizes: '30,10' });
    expect(text).toMatch(/✓ wasm +wasm \(.*simd\), float64\n/);
    expect(text).toMatch(/✗ tfjs-node-gpu .*npm install @tensorflow\/tfjs-node-gpu/);
    expect(text).not.toContain('imported from');
    const table = text.slice(text.indexOf('milliseconds')).split('\n');
    expect(table[0]).toMatch(/^milliseconds +n +Cholesky +solve +product$/);
    expect(table[1]).toMatch(/^wasm +10( +\d+(\.\d+)?){3}$/);
    expect(table[2]).toMatch(/^wasm +30( +\d+(\.\d+)?){3}$/);
    for (const operation of ['Cholesky', 'solve', 'product'])
      expect(text).toMatch(new RegExp(`\n  ${operation} +[\\w-]+ from n = 10 on`));
  });

  it('prints JSON lines', { timeout: 60_000 }, async () => {
    const rows = (await printed({ sizes: '12', json: true }))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(rows[0]).toMatchObject({ node: process.version });
    expect(rows.find((row) => row['backend'] === 'wasm')).toMatchObject({ loads: true, epsilon: 2 ** -53 });
    expect(rows.find((row) => row['backend'] === 'cpu' && row['n'] === 12)).toMatchObject({
      cholesky: expect.any(Number),
      solve: expect.any(Number),
      product: expect.any(Number),
    });
    expect(rows.filter((row) => 'worthFrom' in row).map((row) => row['operation'])).toEqual(
      expect.arrayContaining(['cholesky', 'solve', 'product']),
    );
  });

  it.each(['0', '9000', 'many', '10,'])('refuses the sizes %j', async (sizes) => {
    await expect(doctor({ sizes })).rejects.toThrow(/--sizes.*whole numbers from 1 to 8000/);
  });
});
