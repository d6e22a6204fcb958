import { DurableObject } from "cloudflare:workers";

/**
 * The least that a sale on this platform can be: edge → a new object's insert → two inventory
 * updates → two provider calls → an update. No journal, no retry, no outbox, no order store.
 * Frozen: written once and left alone, so that ratios against it stay comparable.
 */
type BareEnv = {
  readonly STRIPE_API_BASE: string;
  readonly SALE: DurableObjectNamespace<SaleObject>;
  readonly STOCK: DurableObjectNamespace<StockObject>;
};

export default {
  async fetch(_request: Request, env: BareEnv): Promise<Response> {
    const id = crypto.randomUUID();
    const sale = env.SALE.get(env.SALE.idFromName(id));
    return Response.json(await sale.sell(id), { status: 201 });
  },
};

export class SaleObject extends DurableObject<BareEnv> {
  async sell(id: string): Promise<{ id: string; status: string }> {
    const { sql } = this.ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS sales (id TEXT PRIMARY KEY, status TEXT NOT NULL)");
    sql.exec("INSERT INTO sales (id, status) VALUES (?, 'started')", id);
    await Promise.all(["mug", "shirt"].map((sku) => this.#stock(sku).take(1)));
    const intent = await this.#stripe("/v1/payment_intents", `${id}/authorize`, {
      amount: "4288",
      currency: "eur",
      confirm: "true",
      capture_method: "manual",
      payment_method: "pm_card_visa",
      "allowed_payment_method_types[0]": "card",
      error_on_requires_action: "true",
      "metadata[bare_id]": id,
    });
    await this.#stripe(`/v1/payment_intents/${intent.id}/capture`, `${id}/capture`, {});
    sql.exec("UPDATE sales SET status = 'captured' WHERE id = ?", id);
    return { id, status: "captured" };
  }

  #stock(sku: string) {
    return this.env.STOCK.get(this.env.STOCK.idFromName(sku));
  }

  async #stripe(path: string, key: string, form: Record<string, string>): Promise<{ id: string }> {
    const response = await fetch(`${this.env.STRIPE_API_BASE}${path}`, {
      method: "POST",
      headers: {
        authorization: "Bearer sk_test_local",
        "content-type": "application/x-www-form-urlencoded",
        "idempotency-key": key,
      },
      body: new URLSearchParams(form).toString(),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  }
}

export class StockObject extends DurableObject<BareEnv> {
  take(quantity: number): void {
    const { sql } = this.ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS stock (one INTEGER PRIMARY KEY, taken INTEGER NOT NULL)");
    sql.exec(
      "INSERT INTO stock (one, taken) VALUES (1, ?) ON CONFLICT DO UPDATE SET taken = taken + ?",
      quantity,
      quantity,
    );
  }
}
