import type { Command } from 'commander';
import { collect, whole } from './options.ts';
import { storageOption } from './storage-option.ts';

/** `foothold mcp`: studies as tools of an agent. */
export function addMcpCommand(program: Command): void {
  program
    .command('mcp')
    .description('Serve studies to an agent as tools of the Model Context Protocol.')
    .addOption(storageOption())
    .option('--allow <command>', 'a command that agents may tune; may be given several times', collect)
    .option('--http <port>', 'listen at this port of this machine instead, 0 for any free one', whole(0))
    .option('--token-file <file>', 'with --http: file with the token (or FOOTHOLD_TOKEN; default: a new one)')
    .addHelpText(
      'after',
      `
Without --http it speaks on standard input and output, as the client that starts it expects. docs/mcp.md has the tools and what to
write in a client's configuration.

An agent may run nothing but the commands of --allow as they stand: it chooses values of their {name}s, each of which stays within its
own argument. Texts go where {name} is a whole argument, numbers also within one.

Examples:
  foothold mcp --storage foothold-studies
  foothold mcp --allow "python train.py --lr {lr}"
  foothold mcp --http 8766`,
    )
    .action(async (options) => (await import('./commands/mcp.ts')).mcp(options));
}
