import type { FakeModelReply, FakeModelRequest, FakeToken, FakeUsage } from './fake-model-reply.ts';

interface Answer {
  readonly texts: readonly string[];
  readonly usage: FakeUsage | null;
  readonly logProbabilities: readonly (readonly FakeToken[])[] | undefined;
}

/** Characters of a part of a stream. */
const partLength = 16;

/** The body of a chat completion in OpenAI's form. */
export function answerBody(request: FakeModelRequest, reply: FakeModelReply): string {
  const { texts, usage, logProbabilities } = answerOf(request, reply);
  return JSON.stringify({
    ...headOf(request, 'chat.completion'),
    choices: texts.map((content, index) => ({
      index,
      message: { role: 'assistant', content },
      finish_reason: 'stop',
      ...(logProbabilities && { logprobs: { content: logProbabilities[index] ?? null } }),
    })),
    ...(usage && { usage }),
  });
}

/** The same as a stream of server-sent events. */
export function streamBody(request: FakeModelRequest, reply: FakeModelReply): string {
  const { texts, usage } = answerOf(request, reply);
  const head = headOf(request, 'chat.completion.chunk');
  const parts = texts.flatMap((text, index) => {
    const count = Math.ceil(text.length / partLength);
    const chunk = (delta: object, reason: string | null) => ({
      ...head,
      choices: [{ index, delta, finish_reason: reason }],
    });
    return [
      ...Array.from({ length: count }, (_, i) =>
        chunk({ role: 'assistant', content: text.slice(i * partLength, (i + 1) * partLength) }, null),
      ),
      chunk({}, 'stop'),
    ];
  });
  const end = usage ? [{ ...head, choices: [], usage }] : [];
  return `${[...parts, ...end].map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`;
}

function headOf({ number, model }: FakeModelRequest, object: string) {
  return { id: `fake-${number}`, object, created: 0, model };
}

function answerOf(request: FakeModelRequest, reply: FakeModelReply): Answer {
  const said = typeof reply === 'object' && 'texts' in reply ? reply : undefined;
  const texts =
    said?.texts ??
    (typeof reply === 'string'
      ? Array.from({ length: request.count }, () => reply)
      : (reply as readonly string[]));
  const counted: FakeUsage = {
    prompt_tokens: tokens(request.system) + tokens(request.prompt),
    completion_tokens: texts.reduce((sum, text) => sum + tokens(text), 0),
  };
  const own = said && 'usage' in said ? said.usage : undefined;
  return {
    texts,
    usage: own === undefined ? counted : own,
    logProbabilities: said && 'logProbabilities' in said ? said.logProbabilities : undefined,
  };
}

const tokens = (text: string): number => Math.ceil(text.length / 4);
