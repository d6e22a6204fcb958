/** How a service outside is reached. */
export type Ask = {
  /** The base URL of the service's API, without a slash at its end. */
  readonly base: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
};

/** The JSON of an answer. Throws: when it says no, or something else. */
export async function answerOf(
  { fetch, signal }: Ask,
  url: string,
  init: RequestInit = {},
): Promise<unknown> {
  const response = await fetch(url, { ...init, signal });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`answered ${response.status}`);
  return JSON.parse(text);
}

export function posted(body: object): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
}
