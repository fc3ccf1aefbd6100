import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { StudyTools } from './study-tools.ts';
import { toolsServer } from './tools-server.ts';

/** A readable stream of Node, such as `process.stdin`. Its own type would need Node's types where this package is used. */
interface InputStream {
  on(event: string, called: (...of: never[]) => void): unknown;
  read(size?: number): unknown;
}

/** A writable stream of Node, such as `process.stdout`. */
interface OutputStream {
  on(event: string, called: (...of: never[]) => void): unknown;
  write(text: string): boolean;
}

export interface StdioOptions {
  readonly input: InputStream;
  readonly output: OutputStream;
  /** Ends it too. */
  readonly signal: AbortSignal;
}

/** Speaks the protocol with one client, a JSON-RPC message a line, until its input ends. The tools stay open. */
export async function mcpStdio(tools: StudyTools, { signal, ...streams }: StdioOptions): Promise<void> {
  const [input, output] = [streams.input as Readable, streams.output as Writable];
  const server = toolsServer(tools);
  const ended = new Promise<void>((resolve) => {
    input.once('end', resolve).once('close', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  await server.connect(new StdioServerTransport(input, output));
  await ended;
  await server.close();
}
