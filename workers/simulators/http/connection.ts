/** Answers on their way out, and connections that end badly. */

/** Longer than any client of ours waits, short enough that nothing is left over after a test. */
const HANG_MS = 60_000;
const PART_ARRIVES_MS = 20; // the first half must be on the wire before the connection closes

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly delayMs: number;
  /** How the connection ends early, if it does. */
  readonly cut: "none" | "before_headers" | "mid_body" | "hang";
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * A Worker cannot close a socket, but a body that fails does it. When it fails before anything was sent, curl, undici,
 * node:http and workerd's fetch all see a connection that closes without an answer (workerd 1.20261023.1).
 */
function noBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.error(new Error("simulated: no answer")),
  });
}

/** Half of the text, and then a broken connection. */
function halfBody(text: string): ReadableStream<Uint8Array> {
  const half = new TextEncoder().encode(text.slice(0, Math.ceil(text.length / 2)));
  let isSent = false;
  return new ReadableStream({
    async pull(controller) {
      if (!isSent) {
        isSent = true;
        controller.enqueue(half);
        return;
      }
      await sleep(PART_ARRIVES_MS);
      controller.error(new Error("simulated: the answer is cut"));
    },
  });
}

export async function answerWith(answer: Answer, headers: Headers): Promise<Response> {
  if (answer.delayMs > 0) await sleep(answer.delayMs);
  const init = { status: answer.status, headers };
  switch (answer.cut) {
    case "none":
      return new Response(answer.body, init);
    case "before_headers":
      return new Response(noBody(), init);
    case "hang":
      await sleep(HANG_MS);
      return new Response(noBody(), init);
    case "mid_body":
      return new Response(halfBody(answer.body), init);
  }
}
