/** A `fetch` whose answers end with `error` after so many bytes. An answer with a status of an error just ends there: the status says more. */
export function cappedFetch(base: typeof fetch, maxBytes: number, error: Error): typeof fetch {
  return async (input, init) => {
    const response = await base(input, init);
    if (!response.body) return response;
    let bytes = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes <= maxBytes) controller.enqueue(chunk);
        else if (response.ok) controller.error(error);
        else controller.terminate();
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(counted), { status, statusText, headers });
  };
}
