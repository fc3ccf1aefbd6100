/** The library in a real Chromium, which comes as an npm package for Linux on x64. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from './bundle.ts';
import type { Launched } from './launch.ts';
import type { Report } from './page/report.ts';
import type { WebglReport } from './page/webgl.ts';
import { type Site, serve } from './serve.ts';
import { sharedBrowser } from './shared-browser.ts';

const runs = process.platform === 'linux' && process.arch === 'x64';
const cases = runs ? describe : describe.skip;

cases(runs ? 'in a browser' : 'in a browser (skipped: its Chromium is for Linux on x64)', () => {
  let launched: Launched | undefined;
  let site: Site | undefined;

  beforeAll(async () => {
    launched = await sharedBrowser({ graphics: true });
    site = await serve(await bundle());
  });
  afterAll(async () => {
    await launched?.close();
    await site?.close();
  });

  /** What a page says, which it leaves as a promise in its window. */
  async function answerOf<T>(path: string): Promise<T> {
    const page = await launched!.browser.newPage();
    try {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(`${site!.url}${path}`);
      const report = await page.evaluate(
        () => (globalThis as unknown as { answer: Promise<unknown> }).answer,
      );
      expect(report).not.toHaveProperty('error');
      expect(faults).toEqual([]);
      return report as T;
    } finally {
      await page.close();
    }
  }
  const examined = (policy: 'open' | 'strict', context: 'main' | 'worker') =>
    answerOf<Report>(`/${policy}/main.html#${context}`);

  function expectGoodStudy({ study }: Report): void {
    expect(study.states).toEqual(new Array(15).fill('complete'));
    expect(study.params.kind).toBe('good');
    expect(study.value).toBeLessThan(1e-3);
    expect(study.samplers.at(-1)).toBe('bayesian');
  }

  it.each(['main', 'worker'] as const)(
    'runs on WebAssembly as on plain JavaScript and finds a minimum, %s',
    async (context) => {
      const report = await examined('open', context);
      expect(report).toMatchObject({
        flavour: 'relaxed-simd',
        name: 'wasm (relaxed-simd)',
        failedPivot: 37,
        memoryAfterDispose: 0,
      });
      expect(report.fallbackReason).toBeUndefined();
      expect(report.memoryBefore).toBeGreaterThan(0);
      for (const gap of Object.values(report.gaps)) expect(gap).toBeLessThan(1e-11);
      // Not the same bits: fused multiply-add is really there.
      expect(report.gaps.cholesky).toBeGreaterThan(0);
      const { gradient, ...exact } = report.stationary!;
      for (const gap of Object.values(exact)) expect(gap).toBeLessThan(1e-10);
      expect(gradient).toBeLessThan(1e-6);
      expectGoodStudy(report);
    },
  );

  it.each(['main', 'worker'] as const)(
    'says why it runs on plain JavaScript under a policy that forbids WebAssembly, %s',
    async (context) => {
      const report = await examined('strict', context);
      expect(report).toMatchObject({
        flavour: 'javascript',
        name: 'cpu (no WebAssembly)',
        failedPivot: 37,
        gaps: { cholesky: 0, solve: 0, transposedSolve: 0, product: 0, append: 0 },
      });
      expect(report.fallbackReason).toMatch(/^WebAssembly is refused here: .*Content Security Policy/);
      expectGoodStudy(report);
    },
  );

  it('computes on WebGL through gpu.js, whatever sizes come one after the other', async () => {
    const { mode, gaps } = await answerOf<WebglReport>('/evaluating/webgl.html');
    expect(mode).toBe('gpujs-gpu');
    expect(gaps.map(({ n }) => n)).toEqual([20, 200, 7, 90]);
    for (const { n, product, cholesky, solve, covariance } of gaps) {
      for (const gap of [product, cholesky, solve]) expect(gap).toBeLessThan(4 * n);
      expect(covariance).toBeLessThan(20);
    }
    // float32 it is: not what plain JavaScript computes.
    expect(gaps[1]!.product).toBeGreaterThan(0);
  });
});
