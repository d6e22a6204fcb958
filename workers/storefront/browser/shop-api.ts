import { signal } from "@preact/signals";

/** A refusal of the API, as its reference tells it; "network" is a line that stayed dead. */
export type Problem = {
  readonly code: string;
  readonly title: string;
  readonly then: string;
  readonly status: number;
  /** What else it knows: `skus`, `total`, `checkoutStatus`, … */
  readonly [more: string]: unknown;
};

export type Answer<T> =
  | { readonly ok: true; readonly body: T; readonly status: number }
  | { readonly ok: false; readonly problem: Problem };

export type Call = {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  /** The same for every try: whatever got lost, the platform acts once. */
  readonly key?: string;
  readonly secret?: string | undefined;
  readonly customerToken?: string | undefined;
  readonly signal?: AbortSignal;
};

/** How often the present call was tried in vain: the page says that it goes on trying. */
export const triesInVain = signal(0);

const TRIES_MAX = 8;
const PAUSE_FIRST_MS = 400;
const PAUSE_MAX_MS = 5_000;

/** Calls the API, and again under the same key while nobody answers or the fault is passing. */
export async function call<T>(path: string, options: Call = {}): Promise<Answer<T>> {
  try {
    for (let tried = 1; ; tried++) {
      const answer = await once<T>(path, options);
      const isPassing = !answer.ok && answer.problem.then === "retry_same_key";
      if (!isPassing || tried === TRIES_MAX) return answer;
      triesInVain.value = tried;
      await pauseBefore(tried);
    }
  } finally {
    triesInVain.value = 0;
  }
}

async function once<T>(path: string, options: Call): Promise<Answer<T>> {
  try {
    const response = await send(path, options);
    const body = await response.json();
    return response.ok ? { ok: true, body, status: response.status } : { ok: false, problem: body };
  } catch {
    return { ok: false, problem: lineIsDead };
  }
}

const lineIsDead: Problem = {
  code: "network",
  title: "We cannot reach the shop.",
  then: "retry_same_key",
  status: 0,
};

export async function send(path: string, options: Call): Promise<Response> {
  const headers = new Headers({ authorization: `Bearer ${await publishableKey()}` });
  if (options.key) headers.set("idempotency-key", options.key);
  if (options.secret) headers.set("checkout-secret", options.secret);
  if (options.customerToken) headers.set("customer-token", options.customerToken);
  if (options.body) headers.set("content-type", "application/json");
  return fetch(`/v1${path}`, {
    method: options.method ?? "GET",
    headers,
    ...(options.body ? { body: JSON.stringify(options.body) } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

export function newKey(): string {
  return crypto.randomUUID();
}

/**
 * The demonstration shop's login: whoever names an account is in it. A real shop's own server asks for a password
 * before it makes the token.
 */
export async function tokenFor(customerId: string): Promise<string | undefined> {
  const body = JSON.stringify({ customerId });
  const headers = { "content-type": "application/json" };
  const response = await fetch("/storefront/login", { method: "POST", headers, body });
  return response.ok ? (await response.json()).customerToken : undefined;
}

let config: Promise<{ publishableKey: string }> | undefined;

/** The page is told whose shop it is; a failed question is asked again with the next call. */
async function publishableKey(): Promise<string> {
  config ??= fetch("/storefront.json").then((response) => response.json());
  try {
    return (await config).publishableKey;
  } catch (problem) {
    config = undefined;
    throw problem;
  }
}

/** Waits ever longer, but looks again as soon as the browser is back on line. */
export function pauseBefore(tried: number): Promise<void> {
  const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** (tried - 1));
  return new Promise((resolve) => {
    const done = () => {
      removeEventListener("online", done);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, pauseMs);
    addEventListener("online", done);
  });
}
