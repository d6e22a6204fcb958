import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { checkoutStub } from "../../../../durable-objects/placement.ts";
import { registry } from "../../../../payments/providers/registry.ts";
import { CheckoutId, ShopId } from "../../../../schema/ids.ts";
import { ProviderName } from "../../../../schema/payment.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { ask } from "../../asking/ask.ts";
import { newApi, on, problemAnswer } from "../../gate/api.ts";
import { problem } from "../../gate/problem.ts";

const PROOF_MAX_CHARACTERS = 16_384;
const proof = z.string().max(PROOF_MAX_CHARACTERS).optional();
/** What providers put into a shopper's way back. It proves nothing: the provider is asked (decision 5). */
const proofs = Object.fromEntries(
  ProviderName.options.flatMap((provider) =>
    registry[provider].returnProofs.map((name) => [name, proof] as const),
  ),
);

const shopperReturn = createRoute({
  method: "get",
  path: "/checkouts/{checkoutId}/return/{attempt}",
  summary: "Where a provider sends the shopper back. Proves nothing; the provider is asked.",
  request: {
    params: z.object({ checkoutId: CheckoutId, attempt: z.coerce.number().int().min(1) }),
    query: z.object({ ...proofs, shop: ShopId }),
  },
  responses: {
    303: { description: "On to the payment's returnUrl." },
    414: {
      description: "The address is longer than the platform takes; it does not come this far.",
    },
    default: problemAnswer,
  },
});

/** A browser that comes from a bank carries no key of ours: the address itself is unguessable. */
export const returns = newApi();

on(returns, shopperReturn, async (c) => {
  const { checkoutId, attempt } = c.req.valid("param");
  const { shop, ...brought } = c.req.valid("query");
  const proof: Record<string, string> = {};
  for (const [name, value] of Object.entries(brought)) {
    if (typeof value === "string" && value !== "") proof[name] = value;
  }
  const checkout = checkoutStub(c.env, shop, checkoutId);
  const url = await ask(() => checkout.shopperReturned(attempt, proof));
  if (!url) return problem(c, refuse("not_found"));
  const target = new URL(url);
  target.searchParams.set("checkoutId", checkoutId);
  return c.redirect(target.href, 303);
});
