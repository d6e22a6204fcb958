import type { Answer } from "../../../durable-objects/checkout/sale/answers.ts";
import type { CreateCall, SaleCall } from "../../../durable-objects/checkout/sale/calls.ts";
import { cartStub, checkoutStub } from "../../../durable-objects/placement.ts";
import type { CreateCheckout } from "../../../schema/checkout.ts";
import { regionOf } from "../../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../schema/refusals.ts";
import { ask } from "./ask.ts";

type Replaced = NonNullable<CreateCheckout["replaces"]>;

/**
 * Creates a checkout in another region in place of an open one. The new one is opened first, so that a refusal (sold
 * out there, say) leaves the old one as it is; nobody knows its secret before the old one has given way, so at no
 * time can both be paid. Whoever repeats the call goes on where it stopped; if nobody does, both holds expire.
 */
export async function createInstead(
  env: Env,
  create: CreateCall,
  { checkoutId: oldId, clientSecret }: Replaced,
): Promise<Answer> {
  const { shopId } = create.caller;
  const region = regionOf(create.checkoutId);
  if (regionOf(oldId) === region) return refused(refuse("checkout_at_home", { region }));
  const old = checkoutStub(env, shopId, oldId);
  const giving: SaleCall = {
    caller: { ...create.caller, secret: clientSecret },
    key: `gives way to ${create.checkoutId}`,
    fingerprint: create.checkoutId,
  };
  const goods = await ask(() => old.replaceable(giving));
  if (isRefusal(goods)) return refused(goods);
  const { country, currency } = create.body;
  const promotionCodes = create.body.promotionCodes ?? goods.promotionCodes;
  const body = {
    ...create.body,
    lines: [...goods.lines],
    promotionCodes: promotionCodes && [...promotionCodes],
  };
  const { cartId } = goods;
  const left =
    cartId &&
    (await ask(() => cartStub(env, shopId, cartId).relocate({ country, currency }, oldId)));
  if (isRefusal(left)) return refused(left);
  const call = { ...create, body: left ? { ...body, cartId: left.to } : body };
  const answer = await ask(() => checkoutStub(env, shopId, create.checkoutId).create(call));
  if (isRefusal(answer.reply)) return answer;
  const gaveWay = await ask(() => old.cancel({ ...giving, givesWay: true }));
  return isRefusal(gaveWay.reply) ? calledOff(env, create, gaveWay.reply) : answer;
}

/** The old one was paid or changed meanwhile: it is the sale, and the new one lets go of its stock. */
async function calledOff(
  env: Env,
  { caller, checkoutId, key }: CreateCall,
  because: Refusal<RefusalCode>,
): Promise<Answer> {
  const merchant = { shopId: caller.shopId, isMerchant: true };
  const cancel = { caller: merchant, key: `replaces nothing ${key}`, fingerprint: checkoutId };
  await ask(() => checkoutStub(env, caller.shopId, checkoutId).cancel(cancel));
  return refused(because);
}

function refused(reply: Refusal<RefusalCode>): Answer {
  return { reply, replayed: false };
}
