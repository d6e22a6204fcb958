import { Outbox } from "../../outbox/outbox.ts";
import { Journal } from "../../saga/journal.ts";
import { RememberedJournal } from "../../saga/remembered-journal.ts";
import { CheckoutStore } from "./checkout.store.ts";
import type { Checkout } from "./checkout.ts";
import { earliest, noticesDueMs } from "./schedule.ts";

/**
 * All that is stored of one sale. Its object is the only writer: what it has read or written once it
 * knows, and reads no more.
 */
export class SaleStorage {
  readonly store: CheckoutStore;
  readonly outbox: Outbox;
  readonly journal: RememberedJournal;

  constructor(sql: SqlStorage) {
    this.store = new CheckoutStore(sql);
    this.outbox = new Outbox(sql, this.store.tables);
    this.journal = new RememberedJournal(new Journal(sql, this.store.tables));
  }

  /** Reads what is not known yet: where there are no tables, before the first write, that is nothing. */
  know(): void {
    this.store.newNotices();
    this.journal.earliestDueMs();
    this.outbox.dueAtMs();
  }

  /** When the alarm has to ring, epoch ms. */
  dueAtMs(checkout: Checkout, nowMs: number): number | undefined {
    const noticesDue = noticesDueMs(checkout, this.store.newNotices().length, nowMs);
    const due = [this.journal.earliestDueMs(), this.outbox.dueAtMs(), noticesDue];
    return earliest(checkout, nowMs, due);
  }

  /** A transaction was taken back, or everything is gone: storage is read anew. */
  forget(): void {
    this.store.forget();
    this.journal.forget();
    this.outbox.forget();
  }
}
