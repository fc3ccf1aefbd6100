import { connect as connectTo, createServer, type Socket } from 'node:net';

/** A connection between a client and a server that can be cut at chosen moments. */
export interface Proxy {
  readonly port: number;
  /** Cuts the connection on which the next answer to a statement with this text arrives, instead of passing that on. */
  cutAnswerTo(text: string): void;
  /** While true, nothing that comes is passed on. */
  silent: boolean;
  close(): Promise<void>;
}

export async function startProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let cutText: string | undefined;
  const state = { silent: false };
  const server = createServer((client) => {
    const upstream = connectTo(port, '127.0.0.1');
    let isCut = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => {
      if (state.silent) return;
      if (cutText !== undefined && data.includes(cutText)) {
        isCut = true;
        cutText = undefined;
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (state.silent) return;
      if (isCut) client.destroy();
      else client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    port: (server.address() as { readonly port: number }).port,
    cutAnswerTo: (text: string) => {
      cutText = text;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
