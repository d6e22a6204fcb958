import { sameMoney } from "../../schema/money.ts";
import {
  assert,
  beforeSending,
  isUnsentBug,
  type Refusal,
  Unrepeatable,
} from "../../schema/outcome.ts";
import { keysLastMs } from "../method-capabilities.ts";
import {
  type Authorization,
  type AuthorizeRequest,
  CARD_LOST,
  type ProviderCall,
} from "../provider.ts";
import type { Adyen } from "./client.ts";
import { decline, definiteNo } from "./declines.ts";
import { heardPayment } from "./heard-payment.ts";
import { authorizationOf, isSameAmount, resultOf, secure } from "./mapping.ts";
import { toPaymentRequest } from "./payment-request.ts";
import { giveBack } from "./reversal.ts";

const CARD_LOST_WAIT_MS = 30_000; // for the webhook of a card that cannot be sent again

type Answered = Authorization | Refusal<"payment_declined">;

/**
 * Sends the payment, the same bytes at every try, or answers what a webhook has told of it
 * while the reply stays lost.
 */
export async function authorize(
  adyen: Adyen,
  request: AuthorizeRequest,
  call: ProviderCall,
): Promise<Answered> {
  const heard = call.nthTry > 1 ? await heardAnswer(adyen, request, call) : undefined;
  if (heard && !("refused" in heard)) return heard;
  const isLost = !request.card && (request.method === "card" || request.isOfComponent === true);
  if (isLost && call.nthTry === 1) return decline(CARD_LOST, true);
  const ageMs = call.nowMs - call.startedAtMs;
  if (isLost || ageMs > keysLastMs.adyen) return heard ?? unaskable(isLost, ageMs);
  try {
    return await pay(adyen, request, call);
  } catch (error) {
    if (isUnsentBug(error)) throw error;
    // The webhook is the same truth by another messenger.
    const answer = await heardAnswer(adyen, request, call);
    if (!answer) throw error;
    return answer;
  }
}

async function pay(adyen: Adyen, request: AuthorizeRequest, call: ProviderCall): Promise<Answered> {
  const answer = await askOnce(adyen, request);
  if ("refused" in answer) return answer;
  const result = resultOf(answer, request.method);
  if (result.is === "declined") return result.refusal;
  const authorization = authorizationOf(request, adyen.config.severalCaptures);
  if (result.is === "authorised") {
    assert(isSameAmount(answer.amount, request.amount), "Adyen holds what was asked for");
    return secure(authorization, result.reference);
  }
  if (result.is === "partial") return giveBackPart(adyen, request, result.reference, call);
  const { reference, action } = result;
  if (!action) throw new Error("Adyen has not decided, and wants nothing of the shopper");
  // Nobody comes back from there; and a card is charged only once somebody has.
  if (action.type === "redirect" && !request.returnUrl) return decline("authentication_required");
  return { ...authorization, ...(reference ? { reference } : {}), shopper: action };
}

async function askOnce({ api, config }: Adyen, request: AuthorizeRequest) {
  const wanted = beforeSending(() => toPaymentRequest(request, config.merchantAccount));
  try {
    return await api.payments.payments(wanted, { idempotencyKey: request.key });
  } catch (error) {
    const reason = definiteNo(error);
    if (reason === undefined) throw error;
    return decline(reason);
  }
}

/** Part of the sum is no sale: a no, but only once Adyen has told that the part is free again. */
async function giveBackPart(
  adyen: Adyen,
  request: AuthorizeRequest,
  reference: string,
  call: ProviderCall,
): Promise<Refusal<"payment_declined">> {
  const known = { ...authorizationOf(request, false), reference };
  await giveBack({ ...adyen, request, known, call });
  return decline("partially_authorised");
}

/** What the webhooks say of an authorize whose reply stays lost. */
async function heardAnswer(
  adyen: Adyen,
  request: AuthorizeRequest,
  call: ProviderCall,
): Promise<Answered | undefined> {
  const authorization = authorizationOf(request, adyen.config.severalCaptures);
  const payment = heardPayment(request, authorization, call.heard);
  const { held } = payment;
  if (held && !sameMoney(held.amount, request.amount)) {
    return giveBackPart(adyen, request, held.reference, call);
  }
  if (held) return secure(authorization, held.reference);
  if (payment.authorised.length > 0) return decline("cancelled");
  return payment.closed && decline(payment.closed);
}

/** What a call answers that cannot be made again and of which nothing was heard. */
function unaskable(isLost: boolean, ageMs: number): never {
  if (isLost && ageMs < CARD_LOST_WAIT_MS) {
    throw new Error(
      "The card is gone, or what the component said of another method; Adyen's webhook may tell what became of it",
    );
  }
  throw new Unrepeatable("What became of the payment at Adyen cannot be asked again");
}
