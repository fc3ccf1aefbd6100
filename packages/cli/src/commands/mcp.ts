import { type AllowedCommands, mcpHttp, mcpStdio, type StudyTools, studyTools } from '@foothold/mcp';
import { randomToken, serveStudies } from '@foothold/server';
import { type ListeningServer, listen } from '@foothold/server/node';
import { allowedParameters } from '../allowed-command.ts';
import { packageVersion } from '../package-version.ts';
import { programName } from '../program-name.ts';
import { studiesIn } from '../studies-in.ts';
import { tokenFrom } from '../token-from.ts';
import { UsageError } from '../usage-error.ts';
import { commandObjective } from './command-objective.ts';
import { type Stoppable, stoppable } from './stoppable.ts';

export interface McpCommandOptions {
  readonly storage: string;
  readonly allow?: readonly string[];
  readonly http?: number;
  readonly tokenFile?: string;
}

/**
 * `foothold mcp`: studies as tools of an agent, on standard input and output until the client ends it, or over HTTP until Ctrl-C.
 *
 * Throws UsageError for options that do not go together, InvalidArgumentError for an allowed command that cannot be run.
 */
export function mcp(options: McpCommandOptions): Promise<void> {
  const { allow = [], http, tokenFile } = options;
  for (const command of allow) tellParameters(command);
  if (http === undefined && tokenFile !== undefined)
    throw new UsageError('--token-file goes with --http: on standard input and output nobody else is there');
  return stoppable((run) => (http === undefined ? overStdio(options, run) : overHttp(options, http, run)));
}

async function overStdio({ storage, allow }: McpCommandOptions, run: Stoppable): Promise<void> {
  const token = randomToken();
  const studies = studiesIn(storage);
  const server = serveStudies({ ...common(), token, storage: studies });
  const tools = studyTools({ ...about(allow), server: { ...server, token }, storage: studies });
  await mcpStdio(tools, { input: process.stdin, output: process.stdout, signal: run.signal });
  await tools.close();
  server.close();
}

async function overHttp(options: McpCommandOptions, port: number, run: Stoppable): Promise<void> {
  const given = await tokenFrom(options.tokenFile, 'FOOTHOLD_TOKEN', '--token-file');
  const token = given ?? randomToken();
  const storage = studiesIn(options.storage);
  // The tools ask the server that they are mounted in: it is there before the first request.
  let listening: ListeningServer | undefined;
  const tools: StudyTools = studyTools({
    ...about(options.allow),
    server: { token, fetch: (request) => listening!.fetch(request) },
    storage,
  });
  const http = mcpHttp(tools);
  const path = '/api/mcp';
  listening = await listen({ ...common(), token, storage, port, mounted: { path, fetch: http.fetch } });
  process.stdout.write(`${listening.url}${path}\n`);
  if (given === undefined) process.stdout.write(`Authorization: Bearer ${token}\n`);
  process.stderr.write(`serving the studies of ${options.storage} to agents; Ctrl-C ends it\n`);
  await new Promise<void>((resolve) => run.signal.addEventListener('abort', () => resolve(), { once: true }));
  await tools.close();
  await http.close();
  await listening.close();
}

/** What both kinds of server say of the program. */
function common() {
  return { clock: () => Date.now(), program: programName(), version: packageVersion(), onError: failed };
}

function about(commands: readonly string[] = []) {
  const allowed: AllowedCommands = {
    commands,
    parameters: allowedParameters,
    objective: (run, { pruner, ...options }) => commandObjective({ ...options, run, prune: pruner }),
  };
  return { version: packageVersion(), allowed, onError: failed };
}

/** What is a placeholder and what is text: a brace of a program's own may look like one. */
function tellParameters(command: string): void {
  const names = allowedParameters(command).map(({ name }) => `{${name}}`);
  process.stderr.write(`agents may run ${command} with values for ${names.join(', ') || 'nothing'}\n`);
}

function failed(error: unknown): void {
  process.stderr.write(`foothold: ${error instanceof Error ? error.stack : error}\n`);
}
