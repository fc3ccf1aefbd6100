/** A message of an event stream. */
export interface StreamMessage {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

/**
 * The messages of a server-sent event stream (HTML Living Standard, §9.2.6), read with fetch so that a request can have
 * headers. Comments are left out; `retry` is not used.
 */
export async function* streamMessages(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamMessage> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  let fields = emptyFields();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split(/\r\n|\n|\r/);
      rest = lines.pop()!;
      for (const line of lines) {
        if (line !== '') addLine(fields, line);
        else {
          if (fields.data.length > 0) yield { ...fields, data: fields.data.join('\n') };
          fields = emptyFields();
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

interface Fields {
  event: string;
  id: string | undefined;
  readonly data: string[];
}

function emptyFields(): Fields {
  return { event: 'message', id: undefined, data: [] };
}

function addLine(fields: Fields, line: string): void {
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (name === 'data') fields.data.push(value);
  if (name === 'event') fields.event = value;
  if (name === 'id') fields.id = value;
}
