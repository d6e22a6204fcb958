import type { Customer } from "../../schema/buyer.ts";
import { DAY_MS } from "../../schema/durations.ts";
import type { OrderEvent } from "../../schema/events.ts";
import type { CheckoutId, OrderId, ShopId } from "../../schema/ids.ts";
import type { Money } from "../../schema/money.ts";
import type { RetryPolicy } from "../saga/retry.ts";
import type { Effect } from "./following/effect.ts";
import { isTold, type MailText, mailText, withdrawalSubject } from "./mail-text.ts";

export const MAIL_SCHEMA = `
-- What was sent, and nothing about to whom: that stands in the sale's own object.
CREATE TABLE IF NOT EXISTS mails (
  mail_id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- One mail per event, however often it is read.
  event_id TEXT NOT NULL UNIQUE,
  shop_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  checkout_id TEXT NOT NULL,
  type TEXT NOT NULL,
  -- JSON: what the text says of money.
  amount TEXT NOT NULL,
  -- JSON: what was written, where it says more than type and amount do. It names nobody.
  written TEXT,
  at_ms INTEGER NOT NULL
) STRICT;
`;

const MAILS_MAX = 20; // sent at a time; when one of them fails they go one by one

/** A mail that comes a day late helps nobody: then it is a dead letter. */
const forADay: RetryPolicy = { firstMs: 200, delayMaxMs: 30_000, budgetMs: DAY_MS };

export type Addressee = Pick<Customer, "email" | "name">;
export type Mail = MailText & { readonly mailId: string; readonly to: Addressee };

/** Where mails go. The same `mailId` twice is one mail. Throws: when it is not taken; repeat it. */
export interface Mailbox {
  send(mail: Mail): Promise<void>;
}

/**
 * The mailbox that a page shows: what the feed keeps is the mail, and whoever opens it asks the sale
 * for its address then. Nothing leaves, and no address is copied.
 */
export const mailboxPage: Mailbox = { send: async () => undefined };

/** As it was sent, but for its address. */
export type SentMail = MailText & {
  readonly eventId: string;
  readonly orderId: OrderId;
  readonly checkoutId: CheckoutId;
  readonly atMs: number;
};

type KeptMail = {
  readonly eventId: string;
  readonly shopId: ShopId;
  readonly orderId: OrderId;
  readonly checkoutId: CheckoutId;
  readonly type: OrderEvent["type"];
  readonly amount: Money;
  readonly written?: MailText | undefined;
  readonly atMs: number;
};

type MailRow = {
  event_id: string;
  shop_id: string;
  order_id: string;
  checkout_id: string;
  type: string;
  amount: string;
  written: string | null;
  at_ms: number;
};

type Deps = {
  readonly mailbox: Mailbox;
  /** Asked of the sale's object in this region; undefined once that is gone. */
  readonly addressee: (shopId: ShopId, checkoutId: CheckoutId) => Promise<Addressee | undefined>;
  /** What the sale answered its shopper's nth withdrawal; undefined as above. */
  readonly acknowledgement: (
    shopId: ShopId,
    checkoutId: CheckoutId,
    n: number,
  ) => Promise<string | undefined>;
  readonly nowMs: () => number;
};

/**
 * Tells shoppers what became of their order. An address is asked of the sale for each send and kept
 * nowhere else (decision 16).
 */
export class MailFeed {
  readonly #sql: SqlStorage;
  readonly effect: Effect;

  constructor(sql: SqlStorage, deps: Deps) {
    this.#sql = sql;
    this.effect = {
      concerns: ({ type }) => isTold(type),
      changesMax: MAILS_MAX,
      retry: forADay,
      whenSpent: "pass",
      perform: async (changes) => {
        const events = changes.map(({ event }) => event).filter(({ type }) => isTold(type));
        const sentBefore = this.#sentOf(events);
        const due = events.filter(({ id }) => !sentBefore.has(id));
        const tried = await Promise.allSettled(due.map((event) => this.#send(event, deps)));
        // What was sent is written down also where another one failed.
        const sent = tried.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
        const failed = tried.find((each) => each.status === "rejected");
        const write = () => this.#insert(sent);
        if (failed) return { is: "failed", problem: String(failed.reason), write };
        return { is: "done", write };
      },
    };
  }

  /** Newest first. */
  sent(shopId: ShopId, limit: number): readonly SentMail[] {
    const query = "SELECT * FROM mails WHERE shop_id = ? ORDER BY mail_id DESC LIMIT ?";
    const rows = this.#sql.exec<MailRow>(query, shopId, limit).toArray();
    return rows.map(fromRow).flatMap(({ type, amount, written, ...mail }) => {
      const { eventId, orderId, checkoutId, atMs } = mail;
      const text = written ?? mailText(type, orderId, amount);
      return text ? [{ eventId, orderId, checkoutId, atMs, ...text }] : [];
    });
  }

  async #send(event: OrderEvent, deps: Deps): Promise<KeptMail[]> {
    const { shopId, orderId, checkoutId } = event.data;
    const amount = amountIn(event);
    const { mailbox, addressee, nowMs } = deps;
    const written = await writtenFor(event, deps);
    const text = written ?? mailText(event.type, orderId, amount);
    const to = text && (await addressee(shopId, checkoutId));
    if (!to) return [];
    await mailbox.send({ mailId: event.id, to, ...text });
    const { id: eventId, type } = event;
    return [{ eventId, shopId, orderId, checkoutId, type, amount, written, atMs: nowMs() }];
  }

  #sentOf(events: readonly OrderEvent[]): ReadonlySet<string> {
    const ids = JSON.stringify(events.map(({ id }) => id));
    const query = "SELECT event_id FROM mails WHERE event_id IN (SELECT value FROM json_each(?))";
    const rows = this.#sql.exec<{ event_id: string }>(query, ids).toArray();
    return new Set(rows.map(({ event_id }) => event_id));
  }

  #insert(mails: readonly KeptMail[]): void {
    for (const { eventId, shopId, orderId, checkoutId, type, amount, written, atMs } of mails) {
      this.#sql.exec(
        `INSERT INTO mails (event_id, shop_id, order_id, checkout_id, type, amount, written, at_ms)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        ...[eventId, shopId, orderId, checkoutId, type, JSON.stringify(amount)],
        ...[written ? JSON.stringify(written) : null, atMs],
      );
    }
  }
}

/** An acknowledgement is what the sale wrote as it was declared: words of a moment are not made again. */
async function writtenFor(
  { type, data }: OrderEvent,
  { acknowledgement }: Deps,
): Promise<MailText | undefined> {
  const latest = data.withdrawals?.at(-1);
  if (type !== "tender.order.withdrawn.v1" || !latest) return undefined;
  const text = await acknowledgement(data.shopId, data.checkoutId, latest.withdrawal);
  return text === undefined ? undefined : { subject: withdrawalSubject(data.orderId), text };
}

function amountIn({ type, data }: OrderEvent): Money {
  return type === "tender.order.refunded.v1" ? data.refunded : data.total;
}

function fromRow(row: MailRow): KeptMail {
  return {
    eventId: row.event_id,
    shopId: row.shop_id as ShopId,
    orderId: row.order_id as OrderId,
    checkoutId: row.checkout_id as CheckoutId,
    type: row.type as KeptMail["type"],
    amount: JSON.parse(row.amount),
    written: row.written === null ? undefined : JSON.parse(row.written),
    atMs: row.at_ms,
  };
}
