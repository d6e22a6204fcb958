/** A ledger as newline-delimited JSON, read from the object in portions as the client takes them. */

interface Portion {
  readonly lines: string;
  /** Null after the last portion. */
  readonly lastSeq: number | null;
}

export function ledgerResponse(read: (afterSeq: number) => Promise<Portion>): Response {
  const encoder = new TextEncoder();
  let afterSeq: number | null = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (afterSeq === null) return controller.close();
      const portion = await read(afterSeq);
      afterSeq = portion.lastSeq;
      if (portion.lines !== "") controller.enqueue(encoder.encode(portion.lines));
      else controller.close();
    },
  });
  return new Response(body, { headers: { "Content-Type": "application/x-ndjson" } });
}
