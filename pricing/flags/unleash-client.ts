import { createHash } from "node:crypto";

/** Where definitions come from: `url` is that of Unleash's API, as its clients are given it. */
export type Unleash = {
  readonly url: string;
  readonly token: string;
  readonly fetch: typeof fetch;
};

/** Definitions as they came, with the tag under which Unleash knows them. */
export type Fetched = { readonly etag: string; readonly text: string };

const TEXT_MAX = 1_500_000; // D1 keeps two megabytes a row
// The rules that our evaluator knows. Source: node_modules/unleash-client, SUPPORTED_SPEC_VERSION.
const SPECIFICATION = "5.2.0";

/**
 * Asks Unleash for its definitions, or hears that they are those of `etag`.
 *
 * Units: `withinMs` for the whole answer.  Throws: when there is no answer, or none that says so.
 * Source: https://docs.getunleash.io/reference/api/unleash/get-all-client-features
 */
export async function fetchDefinitions(
  { url, token, fetch }: Unleash,
  etag: string | undefined,
  withinMs: number,
): Promise<Fetched | "unchanged"> {
  const response = await fetch(`${url.replace(/\/+$/, "")}/client/features`, {
    headers: {
      Authorization: token,
      Accept: "application/json",
      "Unleash-AppName": "tender",
      "Unleash-Client-Spec": SPECIFICATION,
      ...(etag === undefined ? {} : { "If-None-Match": etag }),
    },
    // A token must not follow a redirect to somebody else.
    redirect: "manual",
    signal: AbortSignal.timeout(withinMs),
  });
  const text = await response.text();
  if (response.status === 304 && etag !== undefined) return "unchanged";
  if (response.status !== 200) throw new Error(`Unleash answered ${response.status}`);
  if (text.length > TEXT_MAX) throw new Error(`Unleash sent ${text.length} characters`);
  return { etag: response.headers.get("ETag") ?? digestOf(text), text };
}

/** Tells sources apart without naming the token. */
export function sourceOf({ url, token }: Pick<Unleash, "url" | "token">): string {
  return digestOf(`${url}\n${token}`).slice(0, 32);
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
