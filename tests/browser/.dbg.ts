import { memoryStorage } from 'foothold';
import { logServer } from './dashboard/log-server.ts';
import { pageFiles } from './dashboard/page-files.ts';
import { longLog } from './dashboard/studies.ts';
import { launch } from './launch.ts';

const storage = memoryStorage();
storage.append('ten-thousand', 0, longLog(10000));
const server = await logServer(await pageFiles(), storage);
const { browser, close } = await launch();
const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
page.on('console', (m) => console.log(m.text()));
page.on('pageerror', (e) => console.log(e));
let t = Date.now();
await page.goto(`${server.url}/#/studies/ten-thousand`);
await page.waitForSelector('.chart canvas');
console.log('first chart', Date.now() - t);
const axis = page.locator('[data-axis="param:dropout"]');
await axis.scrollIntoViewIfNeeded();
const box = (await axis.boundingBox())!;
console.log(box);
const x = box.x + box.width / 2;
console.log(
  await page.evaluate(
    ([x, y]) => document.elementFromPoint(x!, y!)?.outerHTML.slice(0, 200),
    [x, box.y + box.height * 0.9],
  ),
);
await page.mouse.move(x, box.y + box.height - 2);
await page.mouse.down();
await page.mouse.move(x, box.y + box.height * 0.9, { steps: 3 });
await page.mouse.move(x, box.y + box.height * 0.5, { steps: 5 });
await page.mouse.up();

console.log('evaluating');
t = Date.now();
console.log(
  await page.evaluate(async () => {
    const tasks: number[] = [];
    new PerformanceObserver((l) => {
      for (const e of l.getEntries()) tasks.push(Math.round(e.duration));
    }).observe({ type: 'longtask', buffered: true });
    await new Promise((r) => setTimeout(r, 3000));
    return tasks.join();
  }),
  Date.now() - t,
);
console.log(
  await page.evaluate(async () => {
    let n = 0;
    const end = performance.now() + 1000;
    const times: number[] = [];
    let last = performance.now();
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame);
      n++;
      times.push(Math.round(performance.now() - last));
      last = performance.now();
    }
    return n + ' frames ' + times.join();
  }),
  Date.now() - t,
);

console.log(await page.locator('.chips').count(), await page.evaluate(() => scrollY));
await page.screenshot({ path: '/tmp/b/shots/brush.png' });
await close();
await server.close();
process.exit(0);
