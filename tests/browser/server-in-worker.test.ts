/** `serveStudies` where there is no Node: in a Web Worker of a real Chromium, with its studies in IndexedDB. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from './bundle.ts';
import type { Launched } from './launch.ts';
import type { ServerTab } from './page/server.ts';
import { type Site, serve } from './serve.ts';
import { sharedBrowser } from './shared-browser.ts';

const runs = process.platform === 'linux' && process.arch === 'x64';
const cases = runs ? describe : describe.skip;
/** The page's own global: functions below are run there. */
declare const serverTab: ServerTab;

cases(
  runs ? 'a server in a Web Worker' : 'a server in a Web Worker (skipped: Chromium for Linux on x64)',
  () => {
    let launched: Launched;
    let site: Site;
    let context: BrowserContext;
    let page: Page;
    const faults: string[] = [];
    beforeAll(async () => {
      const files = await bundle({}, [new URL('page/server.ts', import.meta.url)]);
      [launched, site] = await Promise.all([sharedBrowser(), serve(files)]);
      context = await launched.browser.newContext();
      page = await context.newPage();
      page.on('pageerror', ({ message }) => faults.push(message));
      page.on('console', (message) => faults.push(message.text()));
      await opened();
    });
    afterAll(async () => {
      await launched?.close();
      await site?.close();
    });
    const opened = async () => {
      await page.goto(`${site.url}/open/server.html`);
      await page.waitForFunction(() => 'serverTab' in globalThis);
    };

    it('makes the suggestions of a study, and goes on with it after the page was loaded again', async () => {
      const first = await page.evaluate(() => serverTab.run(8));
      expect(first.values).toHaveLength(8);
      await opened();
      const { values, samplers } = await page.evaluate(() => serverTab.run(14));
      expect(values.slice(0, 8)).toEqual(first.values);
      expect(values).toHaveLength(14);
      expect(Math.min(...values)).toBeLessThan(1e-3);
      expect(samplers.at(-1)).toBe('bayesian');
      expect(faults).toEqual([]);
    });

    it('answers as on Node: the log, an export, a request without a token, the stream of events', async () => {
      const log = await page.evaluate(() => serverTab.get('api/studies/parabola/log?from=0&limit=1'));
      expect(log).toMatchObject({ status: 200, body: { from: 0, events: [{ type: 'created' }] } });
      const exported = await page.evaluate(() => serverTab.get('api/studies/parabola/export?format=json'));
      expect(exported).toMatchObject({ status: 200, body: { name: 'parabola' } });
      const table = await page.evaluate(() => serverTab.text('api/studies/parabola/export?format=csv'));
      expect(table).toMatch(/^number,state,/);
      expect(table.trimEnd().split('\n')).toHaveLength(15);
      expect(await page.evaluate(() => serverTab.withoutToken())).toBe(401);
      const event = await page.evaluate(() => serverTab.followed());
      expect(event).toContain('"type":"enqueued"');
      expect(event).toContain('"x":0.5');
      expect(faults).toEqual([]);
    });
  },
);
