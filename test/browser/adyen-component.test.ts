import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { AdyenMethod } from "../../schema/adyen-method.ts";
import { adyenCard, cartOf, checkoutIn } from "../clients/storefront.ts";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { ATTEMPT_ID, type Emission, openComponents } from "./adyen-component.ts";
import { PHONE } from "./shopper.ts";

const ANDROID =
  "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.7727.56 Mobile Safari/537.36";
const folder = await mkdtemp(join(tmpdir(), "tender-component-"));
const components = await openComponents(folder);
const shop = await openShop();
await shop.routesTo("adyen", "card", "ideal", "wero", "pix", "upi");
await shop.switchesOn("wero");
afterAll(async () => {
  await components.close();
  await rm(folder, { recursive: true, force: true });
});

const euro = { countryCode: "NL", amount: { value: 1789, currency: "EUR" } };
const rupees = { countryCode: "IN", amount: { value: 129_800, currency: "INR" } };
const reais = { countryCode: "BR", amount: { value: 8980, currency: "BRL" } };

/** As the frames of Adyen's host would leave them in test, where they encrypt nothing that the simulator could read. */
const { type: _type, holderName, ...encrypted } = adyenCard();
const typedCard = { data: { ...encrypted, holderName }, isValid: true, selectedBrandValue: "visa" };

const emitted = {
  card: await components.emission({
    ...{ component: "Card", ...euro, state: typedCard },
    props: { hasHolderName: true, brands: ["visa"], fundingSource: "debit" },
  }),
  ideal: await components.emission({ component: "Redirect", ...euro, props: { type: "ideal" } }),
  wero: await components.emission({ component: "Redirect", ...euro, props: { type: "wero" } }),
  pix: await components.emission({
    ...{ component: "Pix", ...reais, props: { personalDetailsRequired: false } },
    state: { isValid: true },
  }),
  upi: await components.emission({
    ...{ component: "UPI", ...rupees, props: {}, state: { isValid: true } },
  }),
  upiApp: await components.emission(
    {
      ...{ component: "UPI", ...rupees, props: { apps: [{ id: "gpay", name: "Google Pay" }] } },
      state: { isValid: true, data: { app: { id: "gpay", name: "Google Pay" } } },
    },
    { ...PHONE, userAgent: ANDROID },
  ),
};

test("the component says upi_intent where the shopper chose an app on a telephone", () => {
  expect(emitted.upiApp.paymentMethod).toMatchObject({ type: "upi_intent", appId: "gpay" });
  expect(emitted.upi.paymentMethod).toMatchObject({ type: "upi_qr" });
});

/** A field that a newer component adds fails here before it fails a shopper. */
test.each(Object.entries(emitted))(
  "every field of what the component emits for %s is taken",
  (_name, { paymentMethod }) => {
    expect(paymentMethod).toMatchObject({
      checkoutAttemptId: ATTEMPT_ID,
      sdkData: expect.stringMatching(/^[A-Za-z0-9+/]{100,}=*$/),
    });
    expect(AdyenMethod.parse(paymentMethod)).toEqual(paymentMethod);
  },
);

async function pay(method: string, { paymentMethod }: Emission, sale: object, details: object) {
  const checkout = checkoutIn(await shop.storefront.create(cartOf("mug", 1, sale)));
  const payment = {
    ...{ method, details, tokens: { adyen: paymentMethod } },
    returnUrl: `${shop.url}/checkout`,
  };
  const answer = await shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  return { checkout, answer };
}

async function expectUnstored({ paymentMethod }: Emission): Promise<void> {
  const dumps = JSON.stringify(await shop.dumps());
  expect(dumps).not.toContain(String(paymentMethod.sdkData).slice(-60));
  expect(dumps).not.toContain(ATTEMPT_ID);
}

test("a card is paid with what the component emits, and nothing of it is stored", async () => {
  const { answer } = await pay("card", emitted.card, {}, {});
  expect(answer, answer.text).toMatchObject({ status: 200, body: { status: "placed" } });
  await expectUnstored(emitted.card);
});

test.each([
  ["ideal", emitted.ideal, { currency: "EUR", country: "NL" }, {}],
  ["wero", emitted.wero, { currency: "EUR", country: "DE" }, {}],
  ["pix", emitted.pix, { currency: "BRL", country: "BR" }, { cpf: "123.456.789-09" }],
  ["upi", emitted.upi, { currency: "INR", country: "IN" }, {}],
  ["upi", emitted.upiApp, { currency: "INR", country: "IN" }, {}],
])(
  "%s begins at Adyen with what the component emits, and nothing of it is stored",
  async (method, data, sale, details) => {
    const { answer, checkout } = await pay(method, data, sale, details);
    const body = { status: "awaiting_shopper", payment: { method, provider: "adyen" } };
    expect(answer, answer.text).toMatchObject({ status: 202, body });
    await expectUnstored(data);
    await shop.storefront.cancel(checkout);
  },
);

test("what a component says of another method is refused", async () => {
  const { answer } = await pay("card", emitted.ideal, {}, {});
  expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } });
});

test("a component's data as long as Adyen takes it is passed on", async () => {
  const sdkData = "QUJD".repeat(12_500);
  const paymentMethod = { ...emitted.card.paymentMethod, sdkData };
  const { answer } = await pay("card", { paymentMethod }, {}, {});
  expect(answer, answer.text).toMatchObject({ status: 200, body: { status: "placed" } });
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
