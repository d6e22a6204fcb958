import * as z from "zod";
import { poll } from "../eventually.ts";
import { type AuditResult, audit } from "./audit.ts";
import {
  AdyenLedgerRow,
  type Dumps,
  EventRow,
  FeedRow,
  LedgerRow,
  ledgerRowOf,
  OrderRow,
  StockRow,
  type Told,
} from "./dumps.ts";
import { inMinorUnits } from "./own-units.ts";

export const LOCAL_OPERATOR_KEY = "op_test_operator";

export type Instance = {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly operatorKey?: string | undefined;
};

/**
 * Reads a running instance. Orders come first and the ledger last: what an order says has then
 * happened by the time the rest is read, even while sales go on.
 *
 * Throws: when a dump cannot be read or has another shape than the API promises.
 */
export async function readDumps({ url, simulatorUrl, operatorKey }: Instance): Promise<Dumps> {
  const headers = { authorization: `Bearer ${operatorKey ?? LOCAL_OPERATOR_KEY}` };
  const orders = await rowsAt(`${url}/v1/ops/dump/orders`, OrderRow, headers);
  const events = await rowsAt(`${url}/v1/ops/dump/events`, EventRow, headers);
  const feeds = await feedsAt(`${url}/v1/ops/feeds`, headers);
  const stock = await rowsAt(`${url}/v1/ops/dump/stock`, StockRow, headers);
  return { orders, events, feeds, stock, ledger: await ledgersAt(simulatorUrl) };
}

/** All payments at all simulated providers. */
async function ledgersAt(simulatorUrl: string): Promise<LedgerRow[]> {
  const stripe = await rowsAt(`${simulatorUrl}/_simulator/stripe/ledger`, LedgerRow, {});
  const at = `${simulatorUrl}/_simulator/adyen/ledger`;
  // Another server with Stripe's wire may stand there, which is no Adyen.
  const isThere = (await fetch(at)).status !== 404;
  const adyen = isThere ? await rowsAt(at, AdyenLedgerRow, {}) : [];
  return [
    ...stripe.map((row) => inMinorUnits("stripe", row)),
    ...adyen.map((row) => inMinorUnits("adyen", ledgerRowOf(row))),
  ];
}

type Patience = {
  readonly withinMs: number;
  readonly operatorKey?: string | undefined;
  /** The instance's `CLOCK_OFFSET_MS`: holds are judged by its clock. */
  readonly clockOffsetMs?: number | undefined;
};

/** Audits until nothing is unfinished or the time is up, and answers the last result. */
export function auditAtRest(
  instance: { readonly url: string; readonly simulatorUrl: string },
  told: readonly Told[],
  { withinMs, operatorKey, clockOffsetMs = 0 }: Patience,
): Promise<AuditResult> {
  return poll(
    async () => {
      const dumps = await readDumps({ ...instance, operatorKey });
      return audit({ ...dumps, told, nowMs: Date.now() + clockOffsetMs });
    },
    ({ unfinished }) => unfinished.length === 0,
    { withinMs, gapMs: 500 },
  );
}

async function feedsAt(url: string, headers: Record<string, string>): Promise<FeedRow[]> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return z.looseObject({ feeds: z.array(FeedRow) }).parse(JSON.parse(text)).feeds;
}

async function rowsAt<Schema extends z.ZodType>(
  url: string,
  schema: Schema,
  headers: Record<string, string>,
): Promise<z.infer<Schema>[]> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, index) => {
    const row = schema.safeParse(JSON.parse(line));
    if (row.success) return row.data;
    const { message } = row.error;
    throw new Error(`${url}, line ${index + 1}, has another shape than promised: ${message}`);
  });
}
