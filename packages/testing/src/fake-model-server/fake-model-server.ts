import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerBody, streamBody } from './answer-body.ts';
import type { FakeModelReply, FakeModelRequest } from './fake-model-reply.ts';

export type { FakeModelReply, FakeModelRequest, FakeToken, FakeUsage } from './fake-model-reply.ts';

export interface FakeModelServerOptions {
  /** Models that the server lists and has; others are answered with 404. Default: every model is there, and none is listed. */
  readonly models?: readonly string[];
  /** The key that the server wants; requests with another one are answered with 401. Default: any, or none. */
  readonly key?: string;
}

export interface FakeModelServer {
  /** Address of the API: `http://127.0.0.1:PORT/v1`. */
  readonly baseURL: string;
  /** The requests for completions that reached the script, in their order. */
  readonly requests: readonly FakeModelRequest[];
  /** Ends the server and every connection. */
  close(): Promise<void>;
}

/**
 * A server of chat completions in OpenAI's form, over real HTTP on the loopback interface, whose answers are a function of the request: for tests,
 * examples and benchmarks. It streams where the request asks for it.
 */
export async function fakeModelServer(
  script: (request: FakeModelRequest) => FakeModelReply | Promise<FakeModelReply>,
  options: FakeModelServerOptions = {},
): Promise<FakeModelServer> {
  const requests: FakeModelRequest[] = [];
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, 500, `the script of the fake server: ${error}`);
      else response.destroy();
    });
  });
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const key = incoming.headers.authorization?.replace(/^Bearer /, '');
    if (options.key !== undefined && key !== options.key)
      return sendError(response, 401, `Incorrect API key provided: ${key}`);
    if (incoming.method === 'GET' && incoming.url === '/v1/models') {
      const data = options.models?.map((id) => ({ id, object: 'model' }));
      return data
        ? sendJson(response, { object: 'list', data })
        : sendError(response, 404, 'no list of models');
    }
    if (incoming.method !== 'POST' || incoming.url !== '/v1/chat/completions')
      return sendError(response, 404, `no ${incoming.method} ${incoming.url} here`);
    const request = requestOf(await bodyOf(incoming), { number: requests.length, key });
    if (options.models && !options.models.includes(request.model))
      return sendError(response, 404, `The model ${request.model} does not exist`);
    requests.push(request);
    await send(response, request, await script(request));
  };
  const port = await listening(server);
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function requestOf(
  body: Readonly<Record<string, unknown>>,
  about: { readonly number: number; readonly key: string | undefined },
): FakeModelRequest {
  const messages = (body['messages'] ?? []) as readonly {
    readonly role: string;
    readonly content: unknown;
  }[];
  const textOf = (role: string) =>
    messages
      .filter((message) => message.role === role)
      .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
      .join('\n');
  const number = (name: string) => (typeof body[name] === 'number' ? body[name] : undefined);
  return {
    ...about,
    body,
    model: String(body['model']),
    system: textOf('system'),
    prompt: textOf('user'),
    count: number('n') ?? 1,
    maxTokens: number('max_tokens') ?? number('max_completion_tokens'),
    temperature: number('temperature'),
    seed: number('seed'),
    logProbabilities: body['logprobs'] === true ? (number('top_logprobs') ?? 0) : undefined,
    isStream: body['stream'] === true,
  };
}

async function send(
  response: ServerResponse,
  request: FakeModelRequest,
  reply: FakeModelReply,
): Promise<void> {
  if (reply === 'silence') return;
  if (typeof reply === 'object' && 'status' in reply)
    return sendError(response, reply.status, reply.message ?? 'as the script says', reply.headers);
  if (typeof reply === 'object' && 'raw' in reply) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(reply.raw);
    return;
  }
  const { delay } = typeof reply === 'object' && 'delay' in reply ? reply : { delay: 0 };
  if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
  const body = request.isStream ? streamBody(request, reply) : answerBody(request, reply);
  response.writeHead(200, { 'content-type': request.isStream ? 'text/event-stream' : 'application/json' });
  if (typeof reply === 'object' && 'cutAfter' in reply) {
    const { cutAfter } = reply;
    response.write(Buffer.from(body, 'utf8').subarray(0, cutAfter), () => response.destroy());
    return;
  }
  response.end(body);
}

function sendJson(response: ServerResponse, json: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

// biome-ignore lint/complexity/useMaxParams: the parts of an answer
function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ error: { message, type: 'error', code: null } }));
}
