/** Answers whether the receiver took it with a 2xx in time; never throws. */
export async function postWebhook(
  url: string,
  body: string,
  {
    headers,
    timeoutMs,
  }: { readonly headers: Readonly<Record<string, string>>; readonly timeoutMs: number },
): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Refused, cut or too slow: all the same to a sender, who tries again.
    return false;
  }
}
