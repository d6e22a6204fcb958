/** Confirmation tokens: what a browser collected, for one confirm. Their table is among the account's. */

export interface ConfirmationToken {
  readonly id: string;
  /** A test token of a card. */
  readonly paymentMethod: string;
  readonly returnUrl: string | null;
  readonly createdMs: number;
  readonly paymentIntent: string | null;
}

type Row = {
  readonly id: string;
  readonly payment_method: string;
  readonly return_url: string | null;
  readonly created_ms: number;
  readonly payment_intent: string | null;
};

export class ConfirmationTokenStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  save({ id, paymentMethod, returnUrl, createdMs }: ConfirmationToken): void {
    this.#sql.exec(
      "INSERT INTO confirmation_tokens (id, payment_method, return_url, created_ms) VALUES (?, ?, ?, ?)",
      ...[id, paymentMethod, returnUrl, createdMs],
    );
  }

  find(id: string): ConfirmationToken | null {
    const [row] = this.#sql.exec<Row>("SELECT * FROM confirmation_tokens WHERE id = ?", id);
    if (!row) return null;
    const { payment_method: paymentMethod, return_url: returnUrl, created_ms: createdMs } = row;
    return { id, paymentMethod, returnUrl, createdMs, paymentIntent: row.payment_intent };
  }

  use(id: string, paymentIntent: string): void {
    const update = "UPDATE confirmation_tokens SET payment_intent = ? WHERE id = ?";
    this.#sql.exec(update, paymentIntent, id);
  }
}
