import { adyenCard, type Checkout, cartOf, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { openShop, type Shop } from "./open-shop.ts";

const SETTLED = { withinMs: 45_000, gapMs: 100 };

const EUROPE = { currency: "EUR", country: "NL" };
const GERMANY = { currency: "EUR", country: "DE" };
const BRAZIL = { currency: "BRL", country: "BR" };
const INDIA = { currency: "INR", country: "IN" };
const CPF = { cpf: "123.456.789-09" };

const careful = {
  stripe: { stripe: "pm_card_threeDSecure2Required" },
  adyen: { adyen: adyenCard({ number: "5201281505129736" }) },
};

/** Everything with which a shopper can be sent to a bank or an app, and where it is sold. */
const methods = [
  { method: "card", market: EUROPE, details: {} },
  { method: "ideal", market: EUROPE, details: {} },
  { method: "wero", market: GERMANY, details: {} },
  { method: "pix", market: BRAZIL, details: CPF },
  { method: "upi", market: INDIA, details: {} },
  { method: "upi", market: INDIA, details: { app: "gpay" } },
] as const;

export const everyWay = (["stripe", "adyen"] as const).flatMap((provider) =>
  methods.map((way) => ({
    ...way,
    provider,
    name: `${way.method}${"app" in way.details ? " by app" : ""} at ${provider}`,
  })),
);
export type Way = (typeof everyWay)[number];

/** One that is sold to through Stripe, one through Adyen. */
export async function openBothShops(): Promise<Record<Way["provider"], Shop>> {
  const [stripe, adyen] = [await openShop(), await openShop()];
  await adyen.routesTo("adyen", "card", "ideal", "wero", "pix", "upi");
  for (const shop of [stripe, adyen]) await shop.switchesOn("wero");
  return { stripe, adyen };
}

/** A checkout with this way of paying begun: the shopper is asked. */
export async function begin(shop: Shop, way: Way) {
  const checkout = checkoutIn(await shop.storefront.create(cartOf("mug", 1, way.market)));
  const answer = await payAgain(shop, checkout, way);
  const [payment] = await shop[way.provider].paymentsOf(checkout);
  if (payment === undefined) throw new Error(`Nothing was begun: ${answer.text}`);
  return { checkout, answer, payment };
}

type Priced = Awaited<ReturnType<typeof checkoutIn>>;

export function payAgain(shop: Shop, checkout: Priced, { method, provider, details }: Way) {
  const tokens = method === "card" ? { tokens: careful[provider] } : {};
  const payment = { method, details, ...tokens, returnUrl: `${shop.url}/checkout` };
  return shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
}

/** What the shopper does on the provider's page; then their browser goes where it is sent. */
export async function shopperDoes(
  shop: Shop,
  { provider, method }: Way,
  { payment, act }: { readonly payment: string; readonly act: "approve" | "decline" },
): Promise<void> {
  if (provider === "stripe") return shop.stripe.shopper(payment, act);
  const page = await shop.adyen.pageOf(payment);
  const isCode = page.includes("/qr/");
  const form = new URLSearchParams({ outcome: isCode && act === "approve" ? "pay" : act });
  const answer = await fetch(page, { method: "POST", body: form, redirect: "manual" });
  const back = answer.headers.get("location");
  if (back === null && !isCode) throw new Error(`${method} led nowhere: ${answer.status}`);
  if (back !== null) await fetch(back, { redirect: "manual" });
}

export function statusIs(shop: Shop, checkout: Checkout, wanted: string) {
  return eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === wanted,
    SETTLED,
  );
}
