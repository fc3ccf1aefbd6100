import { type Launched, launch } from './launch.ts';

const running = new Map<boolean, Promise<Launched>>();

/**
 * The browser of this process, which files of tests use one after the other: `close` closes the pages alone, and the browser ends
 * with the process. `graphics` as in `launch`.
 */
export async function sharedBrowser({ graphics = false } = {}): Promise<Launched> {
  const before = await running.get(graphics);
  const starting = before?.browser.isConnected() ? running.get(graphics)! : launch({ graphics });
  running.set(graphics, starting);
  const { browser } = await starting;
  return {
    browser,
    async close() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
  };
}
