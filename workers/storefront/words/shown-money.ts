import { moneyInWords } from "../../../schema/currency-decimals.ts";
import type { Money } from "../../../schema/money.ts";
import { markets } from "../state/markets.ts";

/** An amount as a shopper reads it, written as their market writes numbers. */
export function moneyText(money: Money): string {
  const market = markets.find(({ currency }) => currency === money.currency);
  return moneyInWords(money, market?.locale);
}

/** Parts per million as a percentage: 190000 is "19%". */
export function percentText(ratePpm: number): string {
  const options = { style: "percent", maximumFractionDigits: 3 } as const;
  return new Intl.NumberFormat("en", options).format(ratePpm / 1_000_000);
}

export function timeText(at: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" }).format(new Date(at));
}
