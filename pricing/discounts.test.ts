import { expect, test } from "vitest";
import type { Quote } from "../schema/checkout.ts";
import type { SaleFlags } from "../schema/flag.ts";
import { Promotion } from "../schema/promotion.ts";
import { quote } from "./quote.ts";
import {
  cart,
  minor,
  promotion,
  quoted,
  rate,
  type Shelf,
  sourcesOf,
  TIMES,
} from "./testing/quote-fixtures.ts";

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const tenth = { kind: "percentage", ppm: 100_000 };
const fifth = { kind: "percentage", ppm: 200_000 };

/** One mug of 10.00 and a parcel of 4.90 unless said otherwise. */
function ask(
  promotions: readonly object[],
  codes: string[] = [],
  more: Partial<Shelf> & { readonly lines?: Record<string, number>; nowMs?: number } = {},
) {
  const { lines = { mug: 1 }, nowMs = TIMES.nowMs, ...shelf } = more;
  const products = { mug: 1000, shirt: 2000 };
  const sources = sourcesOf({ products, rates: [rate()], promotions, ...shelf });
  return quote(sources, cart(lines, { promotionCodes: codes }), { ...TIMES, nowMs });
}

const names = (answer: Quote) => answer.discounts.map(({ name }) => name);

test("a promotion without a code applies by itself and says what it is", async () => {
  const answer = quoted(await ask([promotion("tenth", tenth)]));
  expect(answer.discounts).toEqual([
    { promotionId: "tenth", name: "The tenth", amount: eur(100), explanation: "10 % off" },
  ]);
  expect(answer.versions).toMatchObject({ promotions: "tenth@1", timeZone: "Europe/Berlin" });
});

test("a line tells what each promotion took off it, and why", async () => {
  const promotions = [
    promotion("tenth", tenth, { code: "TEN", rank: 1 }),
    promotion("five", { kind: "fixed", amounts: { EUR: 500 } }, { code: "FIVE", rank: 2 }),
  ];
  const [mug, shirt] = quoted(
    await ask(promotions, ["five", " ten "], { lines: { mug: 1, shirt: 1 } }),
  ).lines;
  expect(mug).toMatchObject({ amount: eur(1000), discount: eur(100 + 167), tax: eur(117) });
  expect(shirt?.discounts).toEqual([
    {
      ...{ promotionId: "tenth", code: "TEN", name: "The tenth" },
      ...{ amount: eur(200), explanation: "10 % off" },
    },
    {
      ...{ promotionId: "five", code: "FIVE", name: "The five" },
      ...{ amount: eur(333), explanation: "5.00 EUR off" },
    },
  ]);
});

test("each kind explains itself", async () => {
  const explained = async (rule: object, lines: Record<string, number> = { mug: 3, shirt: 1 }) => {
    return quoted(await ask([promotion("one", rule)], [], { lines })).discounts[0]?.explanation;
  };
  expect(await explained({ kind: "percentage", ppm: 125_000 })).toBe("12.5 % off");
  expect(
    await explained({ kind: "buy_x_get_y", buy: { quantity: 2 }, get: { quantity: 1, ppm: 1e6 } }),
  ).toBe("Buy 2, get 1 free");
  expect(
    await explained({
      kind: "buy_x_get_y",
      buy: { quantity: 1, skus: ["shirt"] },
      get: { quantity: 1, ppm: 500_000, skus: ["mug"] },
    }),
  ).toBe("Buy 1, get 1 at 50 % off");
  const off = { amounts: { EUR: 100 } };
  expect(await explained({ kind: "threshold", steps: [{ from: { EUR: 4000 }, off }] })).toBe(
    "1.00 EUR off from 40.00 EUR",
  );
  expect(await explained({ kind: "free_shipping", from: { EUR: 2000 } })).toBe(
    "Free Post delivery from 20.00 EUR",
  );
  const items = [
    { sku: "mug", quantity: 2 },
    { sku: "shirt", quantity: 1 },
  ];
  expect(await explained({ kind: "bundle", items, amounts: { EUR: 3500 } })).toBe(
    "A mug + A shirt together for 35.00 EUR",
  );
});

test("promotions come off in the order of their ranks, whatever the order of the codes", async () => {
  const promotions = [
    promotion("late", { kind: "fixed", amounts: { EUR: 500 } }, { code: "LATE", rank: 20 }),
    promotion("early", fifth, { code: "EARLY", rank: 10 }),
  ];
  for (const codes of [
    ["LATE", "EARLY"],
    ["EARLY", "LATE"],
  ]) {
    const answer = quoted(await ask(promotions, codes));
    expect(names(answer)).toEqual(["The early", "The late"]);
    expect(answer.discount).toEqual(eur(200 + 500));
  }
});

test("an exclusive promotion stands alone, and only where it saves more", async () => {
  const more = promotion("vip", { kind: "percentage", ppm: 500_000 }, { exclusive: true });
  const less = promotion("vip", { kind: "percentage", ppm: 50_000 }, { exclusive: true });
  const tenOff = promotion("tenth", tenth);
  expect(names(quoted(await ask([tenOff, more])))).toEqual(["The vip"]);
  expect(names(quoted(await ask([tenOff, less])))).toEqual(["The tenth"]);
});

test("a code that a better offer rules out is refused with what it does not combine with", async () => {
  const vip = promotion("vip", fifth, { code: "VIP", exclusive: true });
  const ten = promotion("tenth", tenth, { code: "TEN" });
  expect(await ask([vip, ten], ["VIP", "TEN"])).toEqual({
    refused: "promotion_not_combinable",
    detail: { codes: ["TEN"], promotion: "The tenth", with: ["The vip"] },
  });
  expect(minor(await ask([vip, ten], ["VIP"]))).toEqual([1000, 200, 128 + 78, 1290]);
});

test("a code that takes nothing off says why", async () => {
  const why = async (
    rule: object,
    more: Partial<Shelf> & { lines?: Record<string, number> } = {},
  ) => ask([promotion("one", rule, { code: "ONE" })], ["ONE"], more);
  const refusal = (reason: string) => ({
    refused: "promotion_not_applicable",
    detail: { codes: ["ONE"], promotion: "The one", reason },
  });
  expect(await why({ ...tenth, skus: ["shirt"] })).toEqual(refusal("items"));
  expect(await why({ kind: "fixed", amounts: { USD: 5 } })).toEqual(refusal("currency"));
  const steps = [{ from: { EUR: 5000 }, off: { ppm: 100_000 } }];
  expect(await why({ kind: "threshold", steps })).toEqual(refusal("minimum"));
  expect(await why({ kind: "free_shipping", options: ["express"] })).toEqual(
    refusal("shipping_option"),
  );
  const free = { shipping: [{ amount: eur(0) }] };
  expect(await why({ kind: "free_shipping" }, free)).toEqual(refusal("nothing_left"));
  const two = { kind: "buy_x_get_y", buy: { quantity: 1 }, get: { quantity: 1, ppm: 1_000_000 } };
  expect(await why(two)).toEqual(refusal("items"));
  const items = [{ sku: "mug", quantity: 2 }];
  expect(await why({ kind: "bundle", items, amounts: { EUR: 1500 } })).toEqual(refusal("items"));
});

test("a promotion of one code among unknown ones: every unknown code is named", async () => {
  const answer = await ask([promotion("ten", tenth, { code: "TEN" })], ["TEN", "NINE", "no code!"]);
  expect(answer).toEqual({
    refused: "promotion_unknown",
    detail: { codes: ["NINE", "no code!"] },
  });
});

test("a promotion begins and ends by the shop's clock, also when clocks change", async () => {
  const friday = { startsAt: "2026-11-27T00:00", endsAt: "2026-11-28T00:00" };
  const promotions = [promotion("friday", tenth, { ...friday, code: "FRIDAY" })];
  const at = (instant: string, timeZone: string) =>
    ask(promotions, ["FRIDAY"], { timeZone, nowMs: Date.parse(instant) });

  expect(await at("2026-11-26T22:59:00Z", "Europe/Berlin")).toMatchObject({
    refused: "promotion_not_active",
    detail: { codes: ["FRIDAY"], timeZone: "Europe/Berlin", startsAt: "2026-11-27T00:00" },
  });
  expect(minor(await at("2026-11-26T23:00:00Z", "Europe/Berlin"))[1]).toBe(100);
  expect(minor(await at("2026-11-27T22:59:59Z", "Europe/Berlin"))[1]).toBe(100);
  expect(await at("2026-11-27T23:00:00Z", "Europe/Berlin")).toMatchObject({
    refused: "promotion_not_active",
  });
  expect(await at("2026-11-27T14:59:00Z", "Asia/Tokyo")).toMatchObject({ discount: eur(100) });
  expect(await at("2026-11-27T15:00:00Z", "Asia/Tokyo")).toMatchObject({
    refused: "promotion_not_active",
  });
});

/** Source: IANA's rules; Berlin has 02:00 to 03:00 twice on 2026-10-25, New York 01:00 to 02:00 on 2026-11-01. */
test.each([
  ["Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z"],
  ["Europe/Berlin", "2026-10-25T02:30+01:00", "2026-10-25T01:30:00Z"],
  ["America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z"],
  ["America/New_York", "2026-11-01T01:30-05:00", "2026-11-01T06:30:00Z"],
])(
  "in %s a promotion until %s ends once, at %s, and one from then on begins once",
  async (...of) => {
    const [timeZone, time, moment] = of;
    const ending = [promotion("night", tenth, { endsAt: time })];
    const beginning = [promotion("night", tenth, { startsAt: time })];
    const hours = Array.from({ length: 12 }, (_, at) => (at - 6) * 20);
    for (const minutes of hours) {
      const nowMs = Date.parse(moment) + minutes * 60_000;
      const off = async (promotions: Promotion[]) =>
        minor(await ask(promotions, [], { timeZone, nowMs }))[1];
      expect(await off(ending), `${minutes} min`).toBe(minutes < 0 ? 100 : 0);
      expect(await off(beginning), `${minutes} min`).toBe(minutes < 0 ? 0 : 100);
    }
  },
);

/** Source: IANA's rules; Berlin leaves out 02:00 to 03:00 on 2026-03-29, at 01:00 UTC. */
test("a promotion from an hour that is left out begins right after it", async () => {
  const beginning = [promotion("night", tenth, { startsAt: "2026-03-29T02:30" })];
  const at = async (instant: string) =>
    minor(await ask(beginning, [], { timeZone: "Europe/Berlin", nowMs: Date.parse(instant) }))[1];
  expect(await at("2026-03-29T00:59:59Z")).toBe(0);
  expect(await at("2026-03-29T01:00:00Z")).toBe(100);
});

test("an automatic promotion out of its time is simply not there", async () => {
  const over = promotion("over", tenth, { endsAt: "2026-11-01T00:00" });
  expect(quoted(await ask([over])).discounts).toEqual([]);
});

test("a promotion with a flag needs the sale to have it", async () => {
  const flagged = [promotion("flagged", tenth, { flag: "winter" })];
  const products = { mug: 1000 };
  const sources = sourcesOf({ products, rates: [rate()], promotions: flagged });
  const off = async (flags?: SaleFlags) =>
    minor(await quote(sources, cart({ mug: 1 }, { flags }), TIMES))[1];
  expect(await off()).toBe(0);
  expect(await off({ winter: false })).toBe(0);
  expect(await off({ winter: true })).toBe(100);
  expect(await off({ winter: "blue" })).toBe(100);
});

test("a promotion can ask for a flag's variant", async () => {
  const flagged = [promotion("flagged", tenth, { flag: "winter=blue" })];
  const sources = sourcesOf({ products: { mug: 1000 }, rates: [rate()], promotions: flagged });
  const off = async (flags: SaleFlags) =>
    minor(await quote(sources, cart({ mug: 1 }, { flags }), TIMES))[1];
  expect(await off({ winter: "blue" })).toBe(100);
  expect(await off({ winter: "red" })).toBe(0);
  expect(await off({ winter: true })).toBe(0);
});

test("a sale's flags are decided once, and stand in its quote", async () => {
  const flagged = [promotion("flagged", tenth, { flag: "winter" })];
  const catalogue = sourcesOf({ products: { mug: 1000 }, rates: [rate()], promotions: flagged });
  const sources = { ...catalogue, flags: async () => ({ winter: true }) };
  const first = quoted(await quote(sources, cart({ mug: 1 }), TIMES));
  expect(first.flags).toEqual({ winter: true });
  expect(first.discount).toEqual(eur(100));

  const flipped = { ...catalogue, flags: async () => ({}) };
  const { flags } = first;
  expect(quoted(await quote(flipped, cart({ mug: 2 }, { flags }), TIMES)).discount).toEqual(
    eur(200),
  );
  const off = quoted(await quote(sources, cart({ mug: 1 }, { flags: {} }), TIMES));
  expect(off.discount).toEqual(eur(0));
  expect(off).not.toHaveProperty("flags");
});

test("of a used up promotion a code is refused, and what comes by itself is left out", async () => {
  const limited = { usesMax: 5, usesPerCustomerMax: 1 };
  const coded = promotion("coded", tenth, { code: "TEN", ...limited });
  const automatic = promotion("automatic", tenth, limited);
  expect(await ask([coded], ["TEN"], { usedUp: ["coded"] })).toEqual({
    refused: "promotion_exhausted",
    detail: { codes: ["TEN"] },
  });
  expect(quoted(await ask([automatic], [], { usedUp: ["automatic"] })).discount).toEqual(eur(0));
  expect(quoted(await ask([coded], ["TEN"])).counted).toEqual([
    { promotionId: "coded", name: "The coded", code: "TEN", ...limited },
  ]);
});

test("a cart never goes below nothing", async () => {
  const promotions = [
    promotion("huge", { kind: "fixed", amounts: { EUR: 999_999 } }, { rank: 1 }),
    promotion("free", { kind: "free_shipping" }, { rank: 2 }),
  ];
  expect(minor(await ask(promotions))).toEqual([1000, 1490, 0, 0]);
});

test("what is given is limited, and of other items than what is bought", async () => {
  const rule = {
    ...{ kind: "buy_x_get_y", buy: { quantity: 1, skus: ["shirt"] } },
    ...{ get: { quantity: 1, skus: ["mug"], ppm: 1_000_000 }, timesMax: 2 },
  };
  expect(minor(await ask([promotion("gift", rule)], [], { lines: { shirt: 5, mug: 4 } }))[1]).toBe(
    2000,
  );
  const same = { ...rule, get: { ...rule.get, skus: ["shirt"] } };
  expect(Promotion.safeParse({ ...promotion("one", rule), rule: same }).success).toBe(false);
});
