import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';

/** Screenshots of the last run. */
export const screenshots = fileURLToPath(new URL('../../../artifacts/dashboard', import.meta.url));

export const modes = [
  { name: 'desktop-light', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1280, height: 900, colorScheme: 'dark' },
  { name: 'phone-light', width: 390, height: 844, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark' },
] as const;
export type Mode = (typeof modes)[number];

/** A mode of each size, one of each colour scheme: the other schemes are what a page turns to while it is open. */
export const openingModes = [modes[0], modes[3]] as const;

/** Looks at a drawn page as it was opened, and again when the system has turned to the other colour scheme. */
export async function inBothSchemes(
  page: Page,
  mode: Mode,
  look: (mode: Mode) => Promise<void>,
): Promise<void> {
  await look(mode);
  const other = modes.find(
    ({ width, colorScheme }) => width === mode.width && colorScheme !== mode.colorScheme,
  )!;
  await page.emulateMedia({ colorScheme: other.colorScheme });
  await drawn(page);
  await look(other);
  await page.emulateMedia({ colorScheme: mode.colorScheme });
}

/** A page with all that went wrong on it: errors, messages of the console, requests to other hosts. */
export interface Opened {
  readonly page: Page;
  readonly faults: string[];
}

/** A new page of this width and colour scheme. `base`: the only address that it may ask. */
export async function opened(browser: Browser, base: string, mode: Mode = modes[0]): Promise<Opened> {
  const isPhone = mode.name.startsWith('phone');
  const context = await browser.newContext({
    viewport: { width: mode.width, height: mode.height },
    ...{ colorScheme: mode.colorScheme, isMobile: isPhone, hasTouch: isPhone },
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(base)) faults.push(`request: ${request.url()}`);
  });
  return { page, faults };
}

/** Waits until what the page reads is there, and all of its charts are drawn in the colours of the page, those too that come into view by scrolling. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('main h1, main h2') !== null && document.querySelector('main progress') === null,
  );
  await page.waitForFunction(() => document.querySelector('.parallel-place') === null);
  // A chart is drawn when it comes into view, and makes the page longer or shorter: each is looked at.
  await page.waitForFunction(
    () => {
      const dark = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
      const scheme = document.documentElement.dataset['theme'] ?? dark;
      const waiting = [...document.querySelectorAll<HTMLElement>('.chart')].find(
        (chart) => !chart.querySelector('canvas') || chart.dataset['scheme'] !== scheme,
      );
      waiting?.scrollIntoView({ block: 'center', behavior: 'instant' });
      return waiting === undefined;
    },
    undefined,
    { timeout: 60_000 },
  );
  // A frame in which the last picture is on the screen.
  await page.evaluate(() => {
    scrollTo(0, 0);
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

/** What axe finds wrong, by rule and element. `colors`: by the rules that ask for colours alone. */
export async function violations(page: Page, colors = false): Promise<readonly string[]> {
  // The page's policy allows no other script; the debugger's own evaluation does not ask it.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(
    (only) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        resultTypes: ['violations'],
        ...(only && { runOnly: ['color-contrast', 'link-in-text-block'] }),
      }),
    colors,
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** Keeps what is seen as an artefact of the run. */
export async function photographed(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}
