import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escapeHtml } from '@foothold/viz';
import open from 'open';

/**
 * Opens a link that holds a token in the browser of this desktop, and resolves to what removes its traces. The browser is started
 * with a page that only this user can read and that goes on to the link: everybody on a machine can see the arguments of its programs.
 */
export async function openLink(link: string): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'foothold-link-'));
  const page = join(folder, 'dashboard.html');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><title>Foothold</title><meta http-equiv="refresh" content="0; url=${escapeHtml(link)}">\n`,
    { mode: 0o600 },
  );
  const browser = await open(page).catch(() => undefined);
  browser?.on('error', () => undefined); // the link was printed
  return remove;
}
