import { sameMoney } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";
import { providerKey } from "../idempotency-key.ts";
import type {
  Authorization,
  PaymentName,
  ProviderCall,
  ReturnProof,
  ShopperOutcome,
} from "../provider.ts";
import type { Adyen } from "./client.ts";
import { decline, definiteNo } from "./declines.ts";
import { heardPayment } from "./heard-payment.ts";
import { isSameAmount, type Result, resultOf, secure } from "./mapping.ts";

type ReturnCall = ProviderCall & { readonly key: string; readonly proof: ReturnProof };

/** How a payment stands that waits for its shopper: nobody can be asked, only the webhooks tell. */
export function shopperOutcome(
  name: PaymentName,
  authorization: Authorization,
  { heard }: ProviderCall,
): ShopperOutcome {
  const payment = heardPayment(name, authorization, heard);
  const { held } = payment;
  if (held) {
    assert(sameMoney(held.amount, authorization.amount), "Adyen holds what was asked for");
    return { shopper: "confirmed", secured: secure(authorization, held.reference) };
  }
  if (payment.authorised.length > 0) return decline("cancelled");
  return payment.closed ? decline(payment.closed) : { shopper: "awaited" };
}

/** Sends in what the shopper brought back, unless a webhook has told the end already. */
export async function shopperReturned(
  adyen: Adyen,
  name: PaymentName,
  authorization: Authorization,
  call: ReturnCall,
): Promise<ShopperOutcome> {
  const told = shopperOutcome(name, authorization, call);
  const details = detailsIn(call.proof);
  if (!details || "refused" in told || told.shopper === "confirmed") return told;
  // Another proof is another call: a key never goes out with two bodies.
  const key = providerKey(call.key, ...Object.entries(details).flat());
  const result = await submit(adyen, { name, authorization, details, key });
  if (result?.is === "declined") return result.refusal;
  if (result?.is !== "authorised") return told;
  return { shopper: "confirmed", secured: secure(authorization, result.reference) };
}

type Submission = {
  readonly name: PaymentName;
  readonly authorization: Authorization;
  readonly details: Details;
  readonly key: string;
};

/** Undefined when Adyen's answer is about nothing, or about another payment than this one. */
async function submit({ api }: Adyen, { name, authorization, details, key }: Submission) {
  try {
    const answer = await api.payments.paymentsDetails({ details }, { idempotencyKey: key });
    const isOurs =
      answer.merchantReference === undefined
        ? authorization.reference !== undefined && answer.pspReference === authorization.reference
        : answer.merchantReference === name.paymentReference;
    // A proof of another payment proves nothing of this one.
    if (!isOurs) return undefined;
    const result: Result = resultOf(answer, authorization.method);
    if (result.is === "partial") throw new Error("Adyen holds a part: its webhook tells of it");
    if (result.is === "authorised") {
      assert(isSameAmount(answer.amount, authorization.amount), "Adyen holds what was asked for");
    }
    return result;
  } catch (error) {
    // A proof that Adyen does not know says nothing of the payment.
    if (definiteNo(error) === undefined) throw error;
    return undefined;
  }
}

/** What a shopper may bring back. Source: https://docs.adyen.com/api-explorer/Checkout/72/post/payments/details */
export const PROOFS = ["redirectResult", "payload", "threeDSResult"] as const;
type Details = { readonly [Name in (typeof PROOFS)[number]]?: string };

const PROOF_LENGTH_MAX = 20_000; // Adyen's own limit of the shortest of them

function detailsIn(proof: ReturnProof): Details | undefined {
  const name = PROOFS.find((each) => Object.hasOwn(proof, each) && proof[each] !== "");
  const value = name && proof[name];
  return value && value.length <= PROOF_LENGTH_MAX ? { [name]: value } : undefined;
}
