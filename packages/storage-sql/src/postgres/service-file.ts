import { InvalidArgumentError } from '@foothold/core';

/**
 * The settings of a service: `key=value` lines below `[NAME]` in the file that PGSERVICEFILE names, in ~/.pg_service.conf, or
 * in pg_service.conf of the folder PGSYSCONFDIR. Throws InvalidArgumentError where none has it.
 */
export async function serviceSettings(
  service: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, string>> {
  const { readFile } = await import('node:fs/promises');
  const { homedir } = await import('node:os');
  const { join } = await import('node:path');
  const own = env['PGSERVICEFILE'] ?? join(homedir(), '.pg_service.conf');
  const system = env['PGSYSCONFDIR'];
  const files = [own, ...(system === undefined ? [] : [join(system, 'pg_service.conf')])];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    const found = text === undefined ? undefined : sectionOf(text, service);
    if (found) return found;
  }
  throw new InvalidArgumentError(
    'service',
    service,
    `a service of ${files.join(' or ')}, and there is none of this name`,
  );
}

function sectionOf(text: string, service: string): ReadonlyMap<string, string> | undefined {
  let section: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/).map((line) => line.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const name = /^\[(.*)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      if (section) return section;
      if (name === service) section = new Map();
    } else if (section) {
      const at = line.indexOf('=');
      if (at > 0) section.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
    }
  }
  return section;
}
