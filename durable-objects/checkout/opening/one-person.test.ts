import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Sku } from "../../../schema/ids.ts";
import { eventually } from "../../../test/eventually.ts";
import { inventoryStub } from "../../placement.ts";
import { customerReferenceOf } from "../../pseudonym.ts";
import { cart, demo, newSale, stockOf, stockUp, withoutQueues } from "../testing/sale.ts";

const EXHAUSTED = { refused: "promotion_exhausted", detail: { codes: ["WELCOME10"] } };
const OPEN = { http: 201 };
const SOON = { withinMs: 10_000, gapMs: 10 };

let sent: ReturnType<typeof withoutQueues>;
beforeAll(() => stockUp("mug", "lamp"));
beforeEach(() => {
  sent = withoutQueues();
});
afterEach(() => vi.restoreAllMocks());

const somebody = () => crypto.randomUUID().slice(0, 8);
const welcomed = (customer: object) => cart({ promotionCodes: ["welcome10"], customer });
const create = (body: ReturnType<typeof cart>) => newSale().create(body);

test("an account and then a guest with its e-mail, however it is written, are one customer", async () => {
  const who = somebody();
  const account = { email: `${who}@example.com`, customerId: `account-${who}` };
  expect(await create(welcomed(account))).toMatchObject(OPEN);

  expect(await create(welcomed({ email: `${who}@example.com` }))).toMatchObject(EXHAUSTED);
  expect(await create(welcomed({ email: `${who.toUpperCase()}@Example.COM` }))).toMatchObject(
    EXHAUSTED,
  );
});

test("a guest and then an account with its e-mail are one customer", async () => {
  const email = `${somebody()}@müller.example`;
  const inAscii = email.replace("müller", "xn--mller-kva");
  expect(await create(welcomed({ email }))).toMatchObject(OPEN);

  expect(await create(welcomed({ email: inAscii, customerId: somebody() }))).toMatchObject(
    EXHAUSTED,
  );
});

test("an account whose e-mail changed is still the same customer", async () => {
  const customerId = somebody();
  expect(await create(welcomed({ email: `${somebody()}@example.com`, customerId }))).toMatchObject(
    OPEN,
  );

  const moved = { email: `${somebody()}@example.com`, customerId };
  expect(await create(welcomed(moved))).toMatchObject(EXHAUSTED);
});

test("a limit per shopper counts a person's account and their orders as a guest together", async () => {
  await stockOf("lamp").agree({ shopper_max: 2 });
  const who = somebody();
  const lines = [{ sku: "lamp", quantity: 1 }];
  const email = `${who}@example.com`;
  expect(await create(cart({ lines, customer: { email, customerId: who } }))).toMatchObject(OPEN);
  expect(await create(cart({ lines, customer: { email: email.toUpperCase() } }))).toMatchObject(
    OPEN,
  );

  const third = { refused: "shopper_limit", detail: { held: 2, max: 2 } };
  expect(await create(cart({ lines, customer: { email } }))).toMatchObject(third);
  const moved = { email: `new-${email}`, customerId: who };
  expect(
    await create(cart({ lines: [{ sku: "lamp", quantity: 2 }], customer: moved })),
  ).toMatchObject({
    refused: "shopper_limit",
    detail: { held: 1, max: 2 },
  });
  await stockOf("lamp").agree({ shopper_max: null });
});

test("who logs in at the checkout finds the order in the account, and their uses are counted there", async () => {
  const who = somebody();
  const guest = { email: `${who}@example.com` };
  const account = { email: `${who}@work.example`, customerId: who };
  const sale = newSale();
  await sale.create(welcomed(guest));

  const { body } = await sale.patch({ customer: account });
  expect(await sale.pay("pm_visa", "k", body?.quote.total)).toMatchObject({ http: 200 });

  const [placed] = await eventually(
    async () => sent.of(sale),
    ({ length }) => length > 0,
    SOON,
  );
  const reference = customerReferenceOf(env.ID_KEY, demo, who);
  expect(placed?.data).toMatchObject({ customerReference: reference });
  expect(await create(welcomed(account))).toMatchObject(EXHAUSTED);
  expect(await create(welcomed(guest))).toMatchObject(OPEN);
});

test("who logs in to an account that was welcomed already is not welcomed again", async () => {
  const account = { email: `${somebody()}@example.com`, customerId: somebody() };
  expect(await create(welcomed(account))).toMatchObject(OPEN);
  const sale = newSale();
  const before = await sale.create(welcomed({ email: `${somebody()}@example.com` }));

  expect(await sale.patch({ customer: account }, "login")).toMatchObject(EXHAUSTED);
  const without = await sale.patch({ customer: account, promotionCodes: [] }, "without");
  expect(without).toMatchObject({ http: 200 });
  expect(without.body?.quote.total.amountMinor).toBeGreaterThan(
    before.body?.quote.total.amountMinor ?? 0,
  );
});

test("who logs in does not hold more than one shopper may", async () => {
  await stockOf("lamp").agree({ shopper_max: 1 });
  const account = { email: `${somebody()}@example.com`, customerId: somebody() };
  const lines = [{ sku: "lamp", quantity: 1 }];
  expect(await create(cart({ lines, customer: account }))).toMatchObject(OPEN);
  const sale = newSale();
  await sale.create(cart({ lines, customer: { email: `${somebody()}@example.com` } }));

  expect(await sale.patch({ customer: account }, "login")).toMatchObject({
    refused: "shopper_limit",
  });
  expect(await sale.status()).toBe("open");
  await stockOf("lamp").agree({ shopper_max: null });
});

test("fields that were sent empty are kept as absent, and an empty VAT number goes", async () => {
  const customer = { email: `${somebody()}@example.com`, name: "", customerId: "" };
  const sale = newSale();
  const business = { country: "FR", vatNumber: "FR40303265045", customer };
  const { body } = await sale.create(cart(business));
  const patched = await sale.patch({ vatNumber: "" });
  expect(patched.http).toBe(200);
  expect(patched.body?.quote.total).not.toEqual(body?.quote.total);
});

test.each([["a/b"], ["a%2Fb"], ["a"], ["a/b/0"], ["Größe L|+#"]])(
  "the stock of %s is an object of its own",
  async (text) => {
    const sku = Sku.parse(text);
    const stock = inventoryStub(env, demo, "apac", sku);
    expect(await stock.levels()).toMatchObject({ available: 0 });
    await stock.receive({ token: "first", quantity: 7 });
    expect(await stock.levels()).toMatchObject({ available: 7 });
  },
);
