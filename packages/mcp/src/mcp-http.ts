import { InvalidArgumentError } from '@foothold/core';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { type SessionUse, sessionUse } from './session-use.ts';
import type { StudyTools } from './study-tools.ts';
import { toolsServer } from './tools-server.ts';

/** Sessions at the same time; the one that was used the longest time ago ends for a new one. A session holds some kilobytes. */
const manySessions = 200;
/** An experiment between an ask and its tell may take a day. */
const defaultIdle = 24 * 60 * 60 * 1000;
/** Longest delay that a timer takes. */
const longestIdle = 2 ** 31 - 1;

/** The protocol over HTTP (streamable HTTP), without guards of its own: for a server that has them. */
export interface McpHttp {
  fetch(request: Request): Promise<Response>;
  /** Ends all sessions. The tools stay open. */
  close(): Promise<void>;
}

export interface McpHttpOptions {
  /**
   * Milliseconds without a request and without a running call after which a session ends, from 1 to 2³¹ − 1. A later request with it is answered with status
   * 404, for which a client initializes another session. Default: 24 hours.
   */
  readonly idle?: number | undefined;
}

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly use: SessionUse;
}

/** Throws InvalidArgumentError for an `idle` outside of its range. */
export function mcpHttp(tools: StudyTools, { idle = defaultIdle }: McpHttpOptions = {}): McpHttp {
  if (!(typeof idle === 'number' && idle >= 1 && idle <= longestIdle))
    throw new InvalidArgumentError('idle', idle, `milliseconds from 1 to ${longestIdle}`);
  const sessions = new Map<string, Session>();
  const end = async (id: string): Promise<void> => {
    const session = sessions.get(id);
    sessions.delete(id);
    session?.use.stop();
    await session?.transport.close();
  };
  const opened = async (): Promise<WebStandardStreamableHTTPServerTransport> => {
    let own: string | undefined;
    const use = sessionUse(idle, () => void (own !== undefined && end(own)));
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      async onsessioninitialized(id) {
        own = id;
        sessions.set(id, { transport, use });
        use.used();
        if (sessions.size > manySessions) await end(unusedSession([...sessions].filter(([of]) => of !== id)));
      },
      onsessionclosed(id) {
        sessions.delete(id);
        use.stop();
      },
    });
    await toolsServer(tools, use).connect(transport);
    return transport;
  };
  return {
    async fetch(request) {
      const id = request.headers.get('mcp-session-id');
      if (id === null) return (await opened()).handleRequest(request);
      const known = sessions.get(id);
      if (!known) return noSession();
      sessions.delete(id);
      sessions.set(id, known);
      known.use.used();
      return known.transport.handleRequest(request);
    },
    async close() {
      await Promise.all([...sessions.keys()].map(end));
    },
  };
}

/** The session that was used the longest time ago, one without a running call where there is one. */
function unusedSession(sessions: readonly (readonly [string, Session])[]): string {
  return (sessions.find(([, { use }]) => use.isIdle()) ?? sessions[0]!)[0];
}

/** What the protocol has for a session that is over: the client begins another one. */
function noSession(): Response {
  const message =
    'Session not found: it was closed, was idle for too long, or the server has started again. Initialize a new session';
  return Response.json({ jsonrpc: '2.0', error: { code: -32001, message }, id: null }, { status: 404 });
}
