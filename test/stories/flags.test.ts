import { expect, test } from "vitest";
import { LOCAL_OPERATOR_KEY } from "../audit/read-dumps.ts";
import { cardPayment, cartOf, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
const { storefront } = shop;
const apiKey = LOCAL_OPERATOR_KEY;

// Definitions are read again every 15 seconds.
const PATIENTLY = { withinMs: 45_000, gapMs: 250 };

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const MUG = eur(1299 + 490);
const MUG_OFF = eur(1299 - 260 + 490);

const operatorPuts = (path: string, body: object) =>
  storefront.send("PUT", `/v1/ops/catalogue${path}`, { apiKey, body });

const always = { name: "default", parameters: {} };
const winter = (enabled: boolean, more: object = {}) => ({
  features: [{ name: "winter", enabled, strategies: [{ ...always, constraints: [] }], ...more }],
});

let shoppers = 0;
const mug = () => cartOf("mug", 1, { customer: { email: `flag-${++shoppers}@example.com` } });

async function newSale() {
  const created = await storefront.create(mug());
  return { ...checkoutIn(created), quote: created.body.quote };
}

/** Opens sales until one is priced so: isolates hear of a flip by and by. */
const saleAt = (total: object) =>
  eventually(
    newSale,
    ({ quote }) => JSON.stringify(quote?.total) === JSON.stringify(total),
    PATIENTLY,
  );

test("a flip in the middle of a sale changes the next sale, never the one under way", async () => {
  await shop.unleash(winter(false));
  const promotion = {
    ...{ name: "Winter", rule: { kind: "percentage", ppm: 200_000 }, flag: "winter" },
    ...{ exclusive: false, rank: 1 },
  };
  expect((await operatorPuts("/promotions/winter", promotion)).status).toBe(200);
  const [paidLater, changedLater] = [await newSale(), await newSale()];
  expect(paidLater.quote).toMatchObject({ total: MUG, discounts: [] });

  await shop.unleash(winter(true));
  const after = await saleAt(MUG_OFF);
  expect(after.quote).toMatchObject({ discounts: [{ name: "Winter" }] });
  expect(after.quote).not.toHaveProperty("flags");

  const patched = await storefront.patch(changedLater, { lines: [{ sku: "mug", quantity: 2 }] });
  expect(patched.body.quote?.total).toEqual(eur(2598 + 490));
  const paid = await storefront.pay(paidLater, cardPayment("pm_card_visa", MUG));
  expect(paid.status).toBe(200);
  expect(await shop.stripe.captured(paidLater)).toEqual([MUG.amountMinor]);
});

test("sales go on with the flags of before while Unleash is down, slow or talks nonsense", async () => {
  for (const mode of ["down", "garbage", "hang"]) {
    await shop.unleash({ mode });
    const sale = await newSale();
    expect(sale.quote?.total, mode).toEqual(MUG_OFF);
    const paid = await storefront.pay(sale, cardPayment("pm_card_visa", MUG_OFF));
    expect(paid.status, mode).toBe(200);
  }
});

test("once Unleash is back its rules hold: of a country, by a pattern", async () => {
  const constraint = (contextName: string, operator: string, more: object) => {
    return { contextName, operator, inverted: false, values: [], ...more };
  };
  const constraints = [
    constraint("country", "REGEX", { value: "^D[EK]$" }),
    constraint("currency", "IN", { values: ["EUR"] }),
  ];
  const strategies = [{ ...always, constraints }];
  await shop.unleash({ mode: "normal", ...winter(true, { strategies }) });

  const inFrance = async () => (await storefront.create({ ...mug(), country: "FR" })).body.quote;
  await eventually(
    inFrance,
    (quote) => JSON.stringify(quote).includes('"discounts":[]'),
    PATIENTLY,
  );
  expect((await newSale()).quote?.total).toEqual(MUG_OFF);
});

test("live rates are offered beside the shop's own, and who is missing is said", async () => {
  const offered = async (more: object = {}) => {
    const { body } = await storefront.create({ ...mug(), ...more });
    return body.quote as unknown as {
      shippingOptions: { option: string; carrier?: string; amount: object }[];
      shippingLeftOut?: object[];
    };
  };
  // A carrier that this machine makes slow is missing for once.
  const whole = ({ shippingOptions }: { shippingOptions: object[] }) =>
    shippingOptions.length === 6;
  const { shippingOptions } = await eventually(offered, whole, PATIENTLY);
  expect(shippingOptions).toMatchObject([
    { option: "standard", amount: eur(490) },
    { option: "express" },
    { option: "northline-std", carrier: "Northline", amount: eur(635) },
    { option: "northline-24h", carrier: "Northline", amount: eur(1285) },
    { option: "kestrel-11", carrier: "Kestrel", amount: eur(1650) },
    { option: "landpost-parcel", carrier: "Landpost", amount: eur(575) },
  ]);

  const shippingOption = "landpost-parcel";
  const created = await storefront.create({ ...mug(), shippingOption });
  expect(created.body.quote).toMatchObject({
    shipping: { option: shippingOption, carrier: "Landpost", amount: eur(575) },
  });

  await shop.carriers({ kestrel: { mode: "down" }, northline: { mode: "hang" } });
  const isLandpostThere = ({ shippingOptions: all }: { shippingOptions: { carrier?: string }[] }) =>
    all.flatMap(({ carrier }) => carrier ?? []).join() === "Landpost";
  const elsewhere = await eventually(() => offered({ country: "AT" }), isLandpostThere, PATIENTLY);
  expect(elsewhere.shippingLeftOut).toEqual([
    { carrier: "Northline", reason: expect.stringMatching(/^(slow|resting)$/) },
    { carrier: "Kestrel", reason: expect.stringMatching(/^(broken|slow|resting)$/) },
  ]);
  await shop.carriers({});
});

test("at the end everything is in order", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
