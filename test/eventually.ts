const GAP_MS = 100; // short beside any deadline, long enough to leave the machine to the server

type Within = { readonly withinMs: number; readonly gapMs?: number };

/** Reads until `accept` says yes or the time is up, and answers what was read last. */
export async function poll<T>(
  read: () => Promise<T>,
  accept: (value: T) => boolean,
  { withinMs, gapMs = GAP_MS }: Within,
): Promise<T> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    const value = await read();
    if (accept(value) || Date.now() >= deadlineMs) return value;
    await new Promise((resume) => setTimeout(resume, gapMs));
  }
}

/**
 * The one way a test waits: it names what must become true, never how long that takes.
 *
 * Throws: when the time is up, with what was read last.
 */
export async function eventually<T>(
  read: () => Promise<T>,
  accept: (value: T) => boolean,
  within: Within,
): Promise<T> {
  const value = await poll(read, accept, within);
  if (accept(value)) return value;
  throw new Error(`Not within ${within.withinMs} ms; last read: ${JSON.stringify(value, null, 2)}`);
}
