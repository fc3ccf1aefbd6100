import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openLink } from './open-link.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-open-link-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const isDesktopLinux = process.platform === 'linux';
if (!isDesktopLinux) console.log('open-link.test.ts: the browser of the environment is a rule of Linux');

it.skipIf(!isDesktopLinux)(
  'starts the browser with a page that only this user can read, and no token among its words',
  { timeout: 60_000 },
  async () => {
    const seen = join(folder, 'seen');
    const browser = join(folder, 'browser');
    writeFileSync(browser, `#!/bin/sh\necho "$1" > "${seen}.part"\nmv "${seen}.part" "${seen}"\n`, {
      mode: 0o700,
    });
    const before = process.env['BROWSER'];
    process.env['BROWSER'] = browser;
    try {
      const remove = await openLink('http://127.0.0.1:1/#token=s3cret&to=/studies/a"><script>');
      await expect.poll(() => existsSync(seen), { timeout: 30_000 }).toBe(true);
      const page = readFileSync(seen, 'utf8').trim().replace('file://', '');
      expect(page).not.toContain('s3cret');
      expect(statSync(page).mode & 0o077).toBe(0);
      const html = readFileSync(page, 'utf8');
      expect(html).toContain(
        'url=http://127.0.0.1:1/#token=s3cret&amp;to=/studies/a&quot;&gt;&lt;script&gt;"',
      );
      remove();
      expect(existsSync(dirname(page))).toBe(false);
    } finally {
      if (before === undefined) delete process.env['BROWSER'];
      else process.env['BROWSER'] = before;
    }
  },
);
