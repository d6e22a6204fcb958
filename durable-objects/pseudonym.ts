import { createHmac } from "node:crypto";
import type { Customer } from "../schema/buyer.ts";
import { mailboxOf } from "../schema/email.ts";
import type { ShopId } from "../schema/ids.ts";

/**
 * Who buys, without anybody's name. Limits count whoever shares either of the two: an account and then a guest with
 * its e-mail are one person, and so is an account whose e-mail changed in between.
 */
export type Person = {
  /** By which orders and events know a customer: the account, or the mailbox of a guest. */
  readonly customerReference: string;
  /** Of the mailbox, however its address was written. Absent in sales of before there were two. */
  readonly shopper?: string | undefined;
  /** Absent for a guest. */
  readonly account?: string | undefined;
};

export function personOf(
  idKey: string,
  shopId: ShopId,
  { email, customerId }: Pick<Customer, "email" | "customerId">,
): Person {
  const shopper = customerReferenceOf(idKey, shopId, mailboxOf(email));
  if (!customerId) return { customerReference: shopper, shopper };
  const account = customerReferenceOf(idKey, shopId, customerId);
  return { customerReference: account, shopper, account };
}

/**
 * The name by which orders and events know a customer: the same for the same `customerId` (or the
 * mailbox of a guest), and without the key it leads back to nobody.
 */
export function customerReferenceOf(idKey: string, shopId: ShopId, customer: string): string {
  const name = `customer/${shopId}/${customer}`;
  return `cus_${createHmac("sha256", idKey).update(name).digest("base64url").slice(0, 22)}`;
}
