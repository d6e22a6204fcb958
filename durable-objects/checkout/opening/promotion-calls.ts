import { createHash } from "node:crypto";
import type { ShopId } from "../../../schema/ids.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import type { CountedPromotion } from "../../../schema/promotion.ts";
import { refuse } from "../../../schema/refusals.ts";
import type { UsesOfCancelledOrders } from "../../../schema/routing.ts";
import { promotionStub } from "../../placement.ts";
import type { Buyer, Promotions, Sale } from "../sale/ports.ts";

type Settings = { usesOfCancelledOrders(shopId: ShopId): Promise<UsesOfCancelledOrders> };

/** The port to the counters of promotions: each promotion one call to its own object. */
export function promotionCalls(env: Env, settings: Settings): Promotions {
  const stub = ({ shopId }: Sale, { promotionId }: CountedPromotion) =>
    promotionStub(env, shopId, promotionId);
  const useOf = (buyer: Buyer, promotion: CountedPromotion) => {
    const { usesMax, usesPerCustomerMax } = promotion;
    const { shopId, checkoutId, customerReference, shopper = customerReference } = buyer;
    const customer = hashOf(shopper, promotion);
    const account = buyer.account && hashOf(buyer.account, promotion);
    return { shopId, checkoutId, customer, account, usesMax, usesPerCustomerMax };
  };
  return {
    usedUp: async (buyer, counted) => {
      const gone = await Promise.all(
        counted.map((each) => stub(buyer, each).isUsedUp(useOf(buyer, each))),
      );
      return new Set(counted.filter((_each, at) => gone[at]).map((each) => each.promotionId));
    },
    take: async (buyer, counted, generation) => {
      const answers = await Promise.all(
        counted.map((each) => stub(buyer, each).take({ ...useOf(buyer, each), generation })),
      );
      const refused = counted.filter((_each, at) => isRefusal(answers[at]));
      if (refused.length === 0) return { ok: true };
      return refuse("promotion_exhausted", {
        promotions: refused.map(({ name }) => name),
        codes: refused.flatMap(({ code }) => code ?? []),
      });
    },
    handOver: async (buyer, counted, generation) => {
      await Promise.all(
        counted.map((each) => stub(buyer, each).handOver({ ...useOf(buyer, each), generation })),
      );
      return { ok: true };
    },
    returnUses: async (sale, counted, generation) => {
      const { shopId, checkoutId } = sale;
      await Promise.all(
        counted.map((each) => stub(sale, each).returnUse({ shopId, checkoutId, generation })),
      );
      return { ok: true };
    },
    returnOrderedUses: async (sale, counted, generation) => {
      const { shopId, checkoutId } = sale;
      if ((await settings.usesOfCancelledOrders(shopId)) === "spent") return { ok: true };
      await Promise.all(
        counted.map((each) =>
          stub(sale, each).returnOrderedUse({ shopId, checkoutId, generation }),
        ),
      );
      return { ok: true };
    },
  };
}

/** One customer's uses of one promotion; of two promotions' counters nobody learns it is the same. */
function hashOf(pseudonym: string, { promotionId }: CountedPromotion): string {
  return createHash("sha256").update(`${promotionId}/${pseudonym}`).digest("base64url");
}
