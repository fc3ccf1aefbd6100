import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packed, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

export interface Launched {
  readonly browser: Browser;
  /** Ends the browser and removes what was unpacked for it. */
  close(): Promise<void>;
}

/**
 * A headless Chromium from an npm package (Linux on x64), with the libraries that it needs from the same package. `graphics`: with
 * its software WebGL, which draws ordinary pages too and slower. Default: false.
 */
export async function launch({ graphics = false } = {}): Promise<Launched> {
  const folder = mkdtempSync(join(process.env['FOOTHOLD_TEST_FOLDER'] ?? tmpdir(), 'foothold-browser-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // The package unpacks everything into the temporary folder.
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    packed.setGraphicsMode = graphics; // what is unpacked too depends on it
    const binaries = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../../bin');
    const [executablePath, libraries] = await Promise.all([
      packed.executablePath(),
      inflate(join(binaries, 'al2023.tar.br')),
    ]);
    // In a single process the first closed page would end the browser; its web security is part of what is tested.
    const args = packed.args.filter((arg) => !['--single-process', '--disable-web-security'].includes(arg));
    const env = { ...process.env, LD_LIBRARY_PATH: join(libraries, 'lib') } as Record<string, string>;
    const browser = await chromium.launch({ args, executablePath, headless: true, env });
    return {
      browser,
      async close() {
        await browser.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
