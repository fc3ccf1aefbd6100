import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { inTerminal, noTerminal } from '../packages/cli/src/terminal.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

if (noTerminal) process.stderr.write(`${noTerminal}\n`);

/** Without a terminal `.ci/run` calls it, and waits for its end. */
it.skipIf(noTerminal)(
  'npm start in a terminal ends with the dashboard of the studies, until Ctrl-C',
  { timeout: 300_000 },
  async () => {
    const session = inTerminal(['--trials', '2', '--digits', '60', '--report', 'digits.html'], {
      cwd: folder,
      columns: 120,
      rows: 40,
      env: { INIT_CWD: folder, DISPLAY: '', WAYLAND_DISPLAY: '', BROWSER: 'none' },
      program: [process.execPath, fileURLToPath(new URL('../scripts/start.mjs', import.meta.url))],
    });
    const rows = await session.until((text) => text.includes('serving the studies'));
    const [, url, token] = /(http:\/\/127\.0\.0\.1:\d+)\/#token=(\S+)/.exec(rows.join('\n'))!;
    const page = await fetch(`${url}/`);
    expect(await page.text()).toContain('<title>Foothold');
    const studies = await fetch(`${url}/api/studies`, { headers: { authorization: `Bearer ${token}` } });
    expect(JSON.stringify(await studies.json())).toContain('"digits-large"');
    session.type('\u0003');
    expect(await session.ended).toBe(0);
    await expect(fetch(`${url}/`)).rejects.toThrow();
  },
);
