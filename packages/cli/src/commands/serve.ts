import { randomToken } from '@foothold/server';
import { type ListeningServer, listen } from '@foothold/server/node';
import { packageVersion } from '../package-version.ts';
import { programName } from '../program-name.ts';
import { studiesIn } from '../studies-in.ts';
import { tokenFrom } from '../token-from.ts';
import { UsageError } from '../usage-error.ts';
import { openLink } from './open-link.ts';
import { refuseAbsent } from './stored-events.ts';

export interface ServeCommandOptions {
  readonly storage: string;
  readonly port: number;
  readonly host: string;
  readonly tokenFile?: string;
  readonly readTokenFile?: string;
  readonly readOnly?: boolean | undefined;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
}

export interface DashboardOptions extends Pick<ServeCommandOptions, 'storage' | 'port' | 'readOnly'> {
  readonly open?: boolean;
}

/**
 * `foothold dashboard [STUDY]`: serves to this machine until Ctrl-C, and opens the page of the study, or of all, in the browser. Throws
 * UsageError for a study that does not exist.
 */
export async function dashboard(study: string | undefined, options: DashboardOptions): Promise<void> {
  const { storage, port, readOnly, open } = options;
  if (study !== undefined) await refuseAbsent(study, storage);
  await serve({ storage, port, host: '127.0.0.1', readOnly }, { study, isOpened: open });
}

/**
 * `foothold serve`: serves until Ctrl-C. The link leads to the page of `study`, or of all, and is opened in the browser where `isOpened`
 * says so. Throws UsageError for another host than this machine without a token.
 */
export async function serve(
  options: ServeCommandOptions,
  {
    study,
    isOpened = false,
  }: { readonly study?: string | undefined; readonly isOpened?: boolean | undefined } = {},
): Promise<void> {
  const { storage, port, host, readOnly, allowHost, allowOrigin } = options;
  const given = await tokenFrom(options.tokenFile, 'FOOTHOLD_TOKEN', '--token-file');
  const readToken = await tokenFrom(options.readTokenFile, 'FOOTHOLD_READ_TOKEN', '--read-token-file');
  if (given === undefined && !isThisMachine(host))
    throw new UsageError(
      `--host ${host} lets other machines in: give a token in FOOTHOLD_TOKEN or --token-file, such as \`openssl rand -hex 32\` prints`,
    );
  const token = given ?? randomToken();
  const server = await listen({
    ...{ port, host, token, readToken, readOnly },
    storage: studiesIn(storage),
    clock: () => Date.now(),
    program: programName(),
    version: packageVersion(),
    hosts: allowHost,
    origins: allowOrigin,
    onError: (error) => process.stderr.write(`foothold: ${error instanceof Error ? error.stack : error}\n`),
  });
  const ended = interrupted(server);
  const to = study === undefined ? '' : `&to=/studies/${study}`;
  process.stdout.write(`${server.url}/${given === undefined ? `#token=${token}${to}` : ''}\n`);
  const closePage = isOpened
    ? await openLink(`${server.url}/#token=${encodeURIComponent(token)}${to}`)
    : () => undefined;
  process.stderr.write(
    `serving the studies of ${storage}${given === undefined ? '' : ' with the token that was given'}; Ctrl-C ends it\n`,
  );
  await ended.finally(closePage);
}

/** Ends the server at the first SIGINT or SIGTERM; the next one ends the process at once. */
function interrupted(server: ListeningServer): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
      server.close().then(resolve, reject);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  });
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
