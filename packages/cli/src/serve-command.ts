import type { Command } from 'commander';
import { collect, whole } from './options.ts';
import { storageOption } from './storage-option.ts';

/** Any free port would have another address each time. */
const defaultPort = 8765;

/** `foothold dashboard`: the page of the studies, in the browser of this machine. */
export function addDashboardCommand(program: Command): void {
  program
    .command('dashboard')
    .description('Open the page that shows studies while they run, in the browser of this machine.')
    .argument('[study]', 'name of the study (default: the list of all)')
    .addOption(storageOption())
    .option('--port <n>', 'port to listen at; 0 for any free one', whole(0), defaultPort)
    .option('--read-only', 'the page may look and change nothing')
    .option('--no-open', 'print the link alone')
    .addHelpText(
      'after',
      `
Only this machine can reach it, with the link that is printed. For other machines see foothold serve.

Examples:
  foothold dashboard
  foothold dashboard train --storage sqlite:studies.db

Ctrl-C ends it; studies that run elsewhere go on.`,
    )
    .action(async (study, options) => {
      const { dashboard } = await import('./commands/serve.ts');
      // Where nobody looks no browser is started.
      await dashboard(study, { ...options, open: options.open && process.stdout.isTTY === true });
    });
}

/** `foothold serve`: the studies of a storage over HTTP. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('Serve studies over HTTP: to workers on other machines, and to the dashboard in a browser.')
    .addOption(storageOption())
    .option('--port <n>', 'port to listen at; 0 for any free one', whole(0), defaultPort)
    .option(
      '--host <name>',
      'name or address to listen at; another than this machine needs a token',
      '127.0.0.1',
    )
    .option(
      '--token-file <file>',
      'file with the token for all operations (or FOOTHOLD_TOKEN; default: a new one)',
    )
    .option('--read-token-file <file>', 'file with a token for reading alone (or FOOTHOLD_READ_TOKEN)')
    .option('--read-only', 'no token may write')
    .option(
      '--allow-host <name>',
      'another name of this server, that of a proxy before it; may be given several times',
      collect,
    )
    .option(
      '--allow-origin <origin>',
      'pages of this origin may ask, as in https://lab.example; may be given several times',
      collect,
    )
    .addHelpText(
      'after',
      `
The link that it prints holds the token; whoever has it may start and end trials. Tokens are never taken from the command line, which
others of this machine can read. There is no TLS: put a proxy before it where the network is not yours (docs/server.md).

Examples:
  foothold serve --storage foothold-studies
  FOOTHOLD_TOKEN="$(openssl rand -hex 32)" foothold serve --host 0.0.0.0

Ctrl-C ends it after the requests that run.`,
    )
    .action(async (options) => (await import('./commands/serve.ts')).serve(options));
}
