import { jsonSchemaOf } from '@foothold/server';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { instructions } from './instructions.ts';
import type { SessionUse } from './session-use.ts';
import { AnswerError } from './study-calls.ts';
import { listedResources, readResource, resourceTemplates } from './study-resources.ts';
import type { StudyTools } from './study-tools.ts';
import type { ToolContext } from './tool.ts';

/** Milliseconds between two signs of life of a call, for clients that would take a long one for lost. */
const beat = 2000;

/** The tools for one client: a server of the protocol that a transport is to be connected to. `use` hears of its calls. */
export function toolsServer(tools: StudyTools, use?: Pick<SessionUse, 'began' | 'ended'>): Server {
  const server = new Server(
    { name: 'foothold', title: 'Foothold', version: tools.version },
    { capabilities: { tools: {}, resources: {} }, instructions },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.tools.map(({ name, description, schema, effects }) => ({
      name,
      description,
      inputSchema: jsonSchemaOf(schema) as { type: 'object' },
      annotations: { ...effects },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, _meta, sendNotification }) => {
    const token = _meta?.progressToken;
    const { context, end } = progressing(signal, (progress) => {
      if (token === undefined) return;
      const notification = {
        method: 'notifications/progress' as const,
        params: { ...progress, progressToken: token },
      };
      // A client that has gone hears nothing.
      sendNotification(notification).catch(() => undefined);
    });
    use?.began();
    try {
      const answer = await tools.call(params.name, params.arguments ?? {}, context);
      if (!answer) throw new McpError(ErrorCode.InvalidParams, 'there is no tool of this name');
      const { content, isError } = answer;
      return {
        structuredContent: content,
        content: [{ type: 'text', text: JSON.stringify(content) }],
        ...(isError && { isError }),
      };
    } finally {
      end();
      use?.ended();
    }
  });
  addResources(server, tools);
  return server;
}

interface Progress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** A call's context; without news of its own it gives a sign of life from time to time. */
function progressing(
  signal: AbortSignal,
  send: (progress: Progress) => void,
): { readonly context: ToolContext; readonly end: () => void } {
  // The protocol wants each progress to be larger than the one before.
  let last = 0;
  let total: number | undefined;
  const sent = (progress: number, message?: string) => {
    last = progress;
    send({ progress, ...(total !== undefined && { total }), ...(message !== undefined && { message }) });
  };
  const timer = setInterval(() => sent(last + beatStep), beat);
  return {
    context: {
      signal,
      progress(done, of, message) {
        total = of;
        sent(Math.max(done, last + beatStep), message);
      },
    },
    end: () => clearInterval(timer),
  };
}

/** What a sign of life adds to the progress: less than any work that is done. */
const beatStep = 1e-6;

function addResources(server: Server, tools: StudyTools): void {
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates }));
  server.setRequestHandler(ListResourcesRequestSchema, async () => ({
    resources: await listedResources(tools),
  }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => {
    const content = await readResource(uri, tools).catch((error: unknown) => {
      if (error instanceof AnswerError) return undefined;
      throw error;
    });
    // -32002: what the protocol has for a resource that is not there.
    if (!content) throw new McpError(-32002, 'there is no such resource');
    return { contents: [content] };
  });
}
