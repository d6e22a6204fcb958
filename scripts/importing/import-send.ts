import * as z from "zod";
import { PRODUCTS_MAX } from "../../schema/catalogue.ts";
import { pause } from "../machine/platform.ts";
import type { Imported } from "./import-rows.ts";
import type { Rejected } from "./product-row.ts";

const BODY_MAX_CHARACTERS = 60_000; // the API takes 64 KiB
const AT_ONCE = 4; // more would only queue up at the one database
const ATTEMPTS_MAX = 6;
const PAUSE_MS = 250; // doubled with each attempt: eight seconds in all

export type Target = {
  readonly url: string;
  readonly key: string;
  readonly fetch: typeof fetch;
  readonly pause?: (durationMs: number) => Promise<void>;
};

type Batch = readonly Imported[];

/** The same for the same file, so that an import can go on where another one ended. */
export function batchesOf(products: Batch): readonly Batch[] {
  const batches: Imported[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const each of products) {
    const own = JSON.stringify(each.product).length + 1;
    const last = batches.at(-1);
    if (last && last.length < PRODUCTS_MAX && characters + own <= BODY_MAX_CHARACTERS) {
      last.push(each);
      characters += own;
    } else {
      batches.push([each]);
      characters = own;
    }
  }
  return batches;
}

type Told = {
  /** Products of so many batches, from the first on, are stored or rejected. */
  done(batches: number, bad: readonly Rejected[]): Promise<void> | void;
};

/**
 * Stores all batches from `first` on. Storing one twice is storing it once.
 *
 * Throws: when the API cannot be reached, or takes the key for another's; what was told is stored.
 */
export async function sendAll(
  target: Target,
  { batches, first }: { readonly batches: readonly Batch[]; readonly first: number },
  told: Told,
): Promise<void> {
  for (let at = first; at < batches.length; at += AT_ONCE) {
    const some = batches.slice(at, at + AT_ONCE);
    const bad = await Promise.all(some.map((batch) => send(target, batch)));
    await told.done(at + some.length, bad.flat());
  }
}

/** A refused batch is halved until the product that is meant stands alone. */
async function send(target: Target, batch: Batch): Promise<readonly Rejected[]> {
  const refused = await put(target, batch);
  if (refused === undefined) return [];
  const [only] = batch;
  if (batch.length === 1 && only) {
    const { sku } = only.product;
    return only.lines.map((line) => ({ line, column: "", sku, reason: refused }));
  }
  const half = Math.ceil(batch.length / 2);
  const front = await send(target, batch.slice(0, half));
  return [...front, ...(await send(target, batch.slice(half)))];
}

/** Undefined when it is stored; else why it never will be. */
async function put(target: Target, batch: Batch): Promise<string | undefined> {
  const wait = target.pause ?? pause;
  const body = JSON.stringify({ products: batch.map(({ product }) => product) });
  let last = "";
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 0) await wait(PAUSE_MS * 2 ** (attempt - 1));
    const { status, text } = await call(target, body);
    if (status === 200) return undefined;
    if (status === 401 || status === 403) throw new Error(`The key is not an operator's: ${text}`);
    if (status >= 400 && status < 500 && status !== 429) return reasonIn(text);
    last = status === 0 ? text : `${status} ${text}`;
  }
  throw new Error(`${target.url} does not store: ${last}`);
}

async function call({ url, key, fetch }: Target, body: string) {
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  try {
    const address = `${url}/v1/ops/catalogue/products`;
    const response = await fetch(address, { method: "PUT", headers, body });
    return { status: response.status, text: await response.text() };
  } catch (problem) {
    return { status: 0, text: problem instanceof Error ? problem.message : String(problem) };
  }
}

const Problem = z.object({
  code: z.string(),
  title: z.string().optional(),
  issues: z.array(z.string()).optional(),
});

function reasonIn(text: string): string {
  try {
    const { code, title, issues } = Problem.parse(JSON.parse(text));
    return [title, ...(issues ?? []), `(${code})`].filter(Boolean).join(" ");
  } catch {
    return text.slice(0, 200);
  }
}
