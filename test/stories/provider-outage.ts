import { afterAll, expect, test } from "vitest";
import type { ProviderName } from "../../schema/payment.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop, type Shop } from "./open-shop.ts";
import { chargedOnce, inTurns, openMany, payAt, type Sale } from "./storm.ts";

/** Sales that are begun in it, and how long it lasts; `npm run proof` asks for more of both. */
const SALES = Number(process.env.SALES_PER_FAULT ?? 20);
const OUTAGE_MS = Number(process.env.OUTAGE_MS ?? 4_000);
/** A shopper tries again some dozens of times at most. */
const SETTLED = { withinMs: 240_000 + OUTAGE_MS, gapMs: Math.max(500, OUTAGE_MS / 60) };
const TIME_MS = 600_000 + OUTAGE_MS + SALES * 1_000;

/** The test of one provider's outage, in a shop of its own. */
export async function testOutageOf(provider: ProviderName): Promise<void> {
  const shop = await openShop();
  afterAll(async () => expect(await shop.audit()).toEqual(CLEAN), TIME_MS);

  test(
    `${SALES} sales begun while ${provider} is down are charged once when it is back`,
    async ({ task }) => {
      const sales = await openMany(shop, SALES);
      await shop[provider].fails([{ operation: "any", kind: "down", forMs: OUTAGE_MS }]);

      const answers = await Promise.all(sales.map((checkout) => payAt(shop, provider, checkout)));
      answers.forEach(expectNoDecline);
      const tries = await inTurns(sales, (checkout) => payUntilCaptured(shop, checkout));

      await chargedOnce(shop, ["stripe", "adyen"], sales);
      const paidAgain = tries.filter((count) => count > 0).length;
      Object.assign(task.meta, { provider, outageMs: OUTAGE_MS, sales: SALES, paidAgain });
    },
    TIME_MS,
  );
}

/** That nobody can be reached is no decline. */
function expectNoDecline({ status, body }: Awaited<ReturnType<typeof payAt>>): void {
  if (status === 402) expect(body.code).toBe("payment_provider_failed");
  else expect([200, 202]).toContain(status);
}

/**
 * Who was told at once that nothing was sent pays again; so does who waited until their payment had
 * gone back, since nobody answers for as long as it may be tried. Answers how often they had to.
 */
async function payUntilCaptured(shop: Shop, checkout: Sale): Promise<number> {
  let tries = 0;
  await eventually(
    async () => {
      const { body } = await shop.storefront.checkout(checkout);
      if (body.status !== "open") return body.status;
      tries += 1;
      expectNoDecline(await shop.pay(checkout, "pm_card_visa"));
      return body.status;
    },
    (status) => status === "captured",
    SETTLED,
  );
  return tries;
}
