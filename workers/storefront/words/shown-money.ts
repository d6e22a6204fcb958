import type { Money } from "../../../schema/money.ts";
import { markets } from "../state/markets.ts";

/** An amount as a shopper reads it. The decimal is built from digits: nothing is rounded. */
export function moneyText({ amountMinor, currency }: Money): string {
  const market = markets.find((each) => each.currency === currency);
  const decimals = market?.decimals ?? 2;
  const digits = String(amountMinor).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  const decimal = (fraction ? `${whole}.${fraction}` : whole) as `${number}`;
  return new Intl.NumberFormat(market?.locale ?? "en", {
    style: "currency",
    currency,
    minimumFractionDigits: decimals,
  }).format(decimal);
}

/** Parts per million as a percentage: 190000 is "19%". */
export function percentText(ratePpm: number): string {
  const options = { style: "percent", maximumFractionDigits: 3 } as const;
  return new Intl.NumberFormat("en", options).format(ratePpm / 1_000_000);
}

export function timeText(at: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" }).format(new Date(at));
}
