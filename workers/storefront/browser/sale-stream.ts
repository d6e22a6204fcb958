import type { CheckoutView } from "../../../schema/checkout.ts";
import { pauseBefore, send } from "./shop-api.ts";

const RESTING = ["captured", "cancelled", "expired"];

/**
 * Tells `see` of the sale as it changes, until it rests or `signal` aborts. A line that breaks is
 * taken up again; the first thing said is always the sale as it stands.
 */
export async function follow(
  path: string,
  secret: string,
  see: (sale: CheckoutView) => void,
  signal: AbortSignal,
): Promise<void> {
  let last: CheckoutView | undefined;
  for (let tried = 1; !signal.aborted; tried++) {
    try {
      const response = await send(path, { secret, signal });
      if (response.status === 404) return;
      for await (const sale of salesIn(response)) {
        tried = 1;
        last = sale;
        see(sale);
      }
      if (last && RESTING.includes(last.status)) return;
    } catch {
      if (signal.aborted) return;
    }
    await pauseBefore(tried);
  }
}

/** The data of each event. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html */
async function* salesIn(response: Response): AsyncGenerator<CheckoutView> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: "" };
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
}
