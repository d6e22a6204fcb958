type Intent = {
  readonly object: "payment_intent";
  readonly id: string;
  /** The gate until which its captures fail. */
  readonly sticksUntil?: string;
  readonly status: string;
  readonly amount: number;
  readonly amount_received: number;
  readonly currency: string;
  readonly payment_method_types: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
};

const CALLS = "/_calls/";
const OPEN = "/_open/";
const WAIT = "/_wait/";

/**
 * The least of Stripe that a card sale needs, for tests of the objects alone: it runs in Node behind
 * the pool's `outboundService`. Tests of the wire use the simulator. What a card does stands in its
 * name: `pm_sticks_<gate>` (its captures fail until a test opens the gate), `pm_declined`, `pm_fails_<times>_…` (a server error first), `pm_waits_<gate>` (until a test
 * fetches `/_open/<gate>`); any other one pays.
 */
export function fakeStripe() {
  const intents = new Map<string, Intent>();
  const answers = new Map<string, Response>();
  const failed = new Map<string, number>();
  const gates = new Gates();
  const calls: { readonly call: string; readonly checkoutId: string | undefined }[] = [];

  async function create(form: URLSearchParams): Promise<Response> {
    const card = form.get("payment_method") ?? "";
    const [, kind, name = ""] = card.split("_");
    if (kind === "waits") await gates.of(name).promise;
    if (kind === "fails") {
      const times = failed.get(card) ?? 0;
      failed.set(card, times + 1);
      if (times < Number(name)) return problem(500, { type: "api_error" });
    }
    if (kind === "declined") {
      return problem(402, { type: "card_error", decline_code: "insufficient_funds" });
    }
    return keep({
      object: "payment_intent",
      id: `pi_${intents.size + 1}`,
      ...(kind === "sticks" ? { sticksUntil: name } : {}),
      status: "requires_capture",
      amount: Number(form.get("amount")),
      amount_received: 0,
      currency: form.get("currency") ?? "",
      payment_method_types: ["card"],
      metadata: metadataIn(form),
    });
  }

  function keep(intent: Intent): Response {
    intents.set(intent.id, intent);
    return Response.json(intent);
  }

  async function answer(path: string, form: URLSearchParams): Promise<Response> {
    if (path === "/v1/payment_intents") return create(form);
    const [, id = "", verb] = /^\/v1\/payment_intents\/(\w+)\/(\w+)$/.exec(path) ?? [];
    const intent = intents.get(id || (form.get("payment_intent") ?? ""));
    if (!intent) return problem(404, { type: "invalid_request_error", code: "resource_missing" });
    if (path === "/v1/refunds") return Response.json({ id: "re_1", status: "succeeded" });
    if (verb === "cancel" && intent.status === "succeeded") {
      const code = "payment_intent_unexpected_state";
      return problem(400, { type: "invalid_request_error", code, payment_intent: intent });
    }
    if (verb === "cancel") return keep({ ...intent, status: "canceled" });
    if (intent.sticksUntil && !gates.isOpen(intent.sticksUntil)) {
      return problem(500, { type: "api_error" });
    }
    return keep({ ...intent, status: "succeeded", amount_received: intent.amount });
  }

  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const test = await gates.answer(pathname);
    if (test) return test;
    if (pathname.startsWith(CALLS)) {
      const own = calls.filter((each) => each.checkoutId === pathname.slice(CALLS.length));
      return Response.json(own.map(({ call }) => call));
    }
    if (request.method === "GET" && pathname === "/v1/payment_intents") {
      return Response.json({ object: "list", data: [...intents.values()], has_more: false });
    }
    if (request.method === "GET") {
      const intent = intents.get(pathname.split("/").at(-1) ?? "");
      return intent ? Response.json(intent) : problem(404, { code: "resource_missing" });
    }
    const form = new URLSearchParams(await request.text());
    const key = request.headers.get("idempotency-key") ?? "";
    const known = answers.get(key);
    if (known) return known.clone();
    const response = await answer(pathname, form);
    const said = (await response.clone().json()) as Partial<Intent>;
    const checkoutId = said.metadata?.checkout_id ?? form.get("metadata[checkout_id]") ?? undefined;
    const verb = pathname.split("/").at(-1) ?? "";
    calls.push({ call: verb === "payment_intents" ? "authorize" : verb, checkoutId });
    if (response.status < 500) answers.set(key, response.clone());
    return response;
  };
}

/** What calls wait for until a test lets them go. */
class Gates {
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();
  readonly #open = new Set<string>();

  of(name: string): PromiseWithResolvers<void> {
    const known = this.#gates.get(name) ?? Promise.withResolvers<void>();
    this.#gates.set(name, known);
    return known;
  }

  isOpen(name: string): boolean {
    return this.#open.has(name);
  }

  /** A test's own call, if it is one. */
  async answer(pathname: string): Promise<Response | undefined> {
    if (pathname.startsWith(WAIT)) await this.of(pathname.slice(WAIT.length)).promise;
    else if (pathname.startsWith(OPEN)) {
      this.#open.add(pathname.slice(OPEN.length));
      this.of(pathname.slice(OPEN.length)).resolve();
    } else return undefined;
    return new Response();
  }
}

function metadataIn(form: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...form].flatMap(([field, value]) => {
      const key = /^metadata\[(.+)\]$/.exec(field)?.[1];
      return key ? [[key, value] as const] : [];
    }),
  );
}

function problem(status: number, error: object): Response {
  return Response.json({ error: { message: "No.", ...error } }, { status });
}
