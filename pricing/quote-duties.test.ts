import { expect, test } from "vitest";
import { Sku } from "../schema/ids.ts";
import type { DutiesAnswer, Shipment } from "./catalogue.ts";
import { quote } from "./quote.ts";
import { cart, quoted, rate, type Shelf, sourcesOf, TIMES } from "./testing/quote-fixtures.ts";

const mug = {
  price: 1000,
  facts: { tariffCode: "69120023", originCountry: "DE", warnings: "Handle with care." },
};
const noTax = { inclusive: false, ratePpm: 0, treatment: "no_tax" } as const;
const shelf: Shelf = {
  products: { mug },
  rates: [rate(), rate({ country: "US", state: "OR", ...noTax })],
};
const toOregon = { country: "US", state: "OR", region: "us" } as const;
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

/** A service that answers so; what it was asked is kept. */
function serviceThat(answer: DutiesAnswer) {
  const asked: Shipment[] = [];
  const dutiesOn = async (shipment: Shipment) => {
    asked.push(shipment);
    return answer;
  };
  return { asked, service: { dutiesOn } };
}

test("goods are sent from the shop's country, or from where it says that a region's are", async () => {
  const { service, asked } = serviceThat({ leftOut: "slow" });
  const home = await quote(
    sourcesOf({ ...shelf, duties: service }),
    cart({ mug: 1 }, toOregon),
    TIMES,
  );
  expect(quoted(home).duties).toMatchObject({ from: "DE", into: "United States" });
  expect(asked).toHaveLength(1);

  const there = { ...shelf, shipsFrom: { us: "US" }, duties: service };
  const local = await quote(sourcesOf(there), cart({ mug: 1 }, toOregon), TIMES);
  expect(quoted(local).duties).toBeUndefined();
  expect(asked).toHaveLength(1);
});

test("a service that does not answer leaves duties out, and the price is what it was", async () => {
  const { service } = serviceThat({ leftOut: "slow" });
  const answer = await quote(
    sourcesOf({ ...shelf, duties: service }),
    cart({ mug: 1 }, toOregon),
    TIMES,
  );

  expect(quoted(answer)).toMatchObject({
    total: eur(1490),
    duties: {
      ...{ from: "DE", into: "United States", included: false, leftOut: "slow" },
      note: expect.stringContaining("not included"),
    },
  });
  expect(quoted(answer).lines[0]).not.toHaveProperty("duty");
});

test("what it answers is a part of the total and of the hash, and of the line that it is due for", async () => {
  const due = (amountMinor: number) =>
    serviceThat({ duties: new Map([[Sku.parse("mug"), eur(amountMinor)]]) }).service;
  const at = async (amountMinor: number) =>
    quoted(
      await quote(
        sourcesOf({ ...shelf, duties: due(amountMinor) }),
        cart({ mug: 2 }, toOregon),
        TIMES,
      ),
    );
  const answer = await at(200);

  expect(answer).toMatchObject({
    ...{ subtotal: eur(2000), total: eur(2690) },
    lines: [{ sku: "mug", duty: eur(200) }],
    duties: { included: true, amount: eur(200), note: expect.stringContaining("are included") },
  });
  expect((await at(201)).hash).not.toBe(answer.hash);
  expect((await at(200)).hash).toBe(answer.hash);
});

test("a total that duties make too large for everybody is refused", async () => {
  const { service } = serviceThat({
    duties: new Map([[Sku.parse("mug"), eur(999_999_999_999)]]),
  });
  const sources = sourcesOf({ ...shelf, duties: service });
  expect(await quote(sources, cart({ mug: 1 }, toOregon), TIMES)).toMatchObject({
    refused: "amount_too_large",
  });
});

test("where the shop has not said where it is, nothing is said of duties", async () => {
  const sources = sourcesOf(shelf);
  const terms = async () => ({ ...(await sources.catalogue.terms()), country: undefined });
  const nowhere = { ...sources, catalogue: { ...sources.catalogue, terms } };
  expect(quoted(await quote(nowhere, cart({ mug: 1 }, toOregon), TIMES)).duties).toBeUndefined();
});

test("what stood beside the price is in the quote's lines, and what the shop tells beside them", async () => {
  const notices = [{ kind: "terms", title: "Terms", url: "https://shop.example/terms" }];
  const answer = quoted(await quote(sourcesOf({ ...shelf, notices }), cart({ mug: 1 }), TIMES));

  expect(answer.lines[0]?.facts).toEqual(mug.facts);
  expect(answer.notices).toEqual(notices);
  const bare = quoted(await quote(sourcesOf(shelf), cart({ mug: 1 }), TIMES));
  expect(bare).not.toHaveProperty("notices");
  expect(bare.hash).not.toBe(answer.hash);
  expect(bare.versions).toEqual(answer.versions);
});
