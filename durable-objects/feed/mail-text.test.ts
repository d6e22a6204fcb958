import { data } from "currency-codes";
import { expect, test } from "vitest";
import { OrderId } from "../../schema/ids.ts";
import { mailText } from "./mail-text.ts";

const orderId = OrderId.parse(`ord_eu_${"0".repeat(26)}`);
const placed = (amountMinor: number, currency: string) =>
  mailText("tender.order.placed.v1", orderId, { amountMinor, currency })?.text ?? "";

test("a mail says an amount by ISO 4217, whatever this platform's Intl counts a currency in", () => {
  const money = data.filter(({ code }) => !code.startsWith("X") || /^X[AOP]F$|^XCD$/.test(code));
  for (const { code, digits } of money) {
    const said = /over \D*?(\d[\d,]*(?:\.\d+)?) and/.exec(placed(1_299_000, code))?.[1];
    const major = 1_299_000 / 10 ** digits;
    expect(said?.replaceAll(",", ""), code).toBe(major.toFixed(digits));
  }
});

test("an order over 12,990 forints says so", () => {
  expect(placed(1_299_000, "HUF").replaceAll("\u00A0", " ")).toContain("over HUF 12,990.00 and");
});
