import type { Reply } from "../checkout/sale/answers.ts";

/** The cart is the caller's to buy, or another checkout is buying it and answers in its place. */
export type Claim = { readonly ok: true } | { readonly continues: Reply };
