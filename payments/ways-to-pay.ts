import type { Money } from "../schema/money.ts";
import {
  type ExtraMethod,
  isSwitchedOn,
  PaymentMethod,
  type ProviderName,
} from "../schema/payment.ts";
import type { Country } from "../schema/regions.ts";
import { type CannotCharge, whyNotCharge } from "./amounts.ts";
import { providersFor } from "./method-capabilities.ts";

/** A provider that has a method where the shopper is, and cannot take this total by it. */
export type LeftOut = CannotCharge & {
  readonly method: PaymentMethod;
  readonly provider: ProviderName;
};

/**
 * What a shopper may pay a total with: methods that some provider can take it by, and who cannot.
 * Of the methods that are off by themselves, those that the shop has switched on.
 */
export function waysToPay(
  country: Country,
  total: Money,
  switchedOn: readonly ExtraMethod[],
): { readonly methods: readonly PaymentMethod[]; readonly leftOut: readonly LeftOut[] } {
  const methods: PaymentMethod[] = [];
  const leftOut: LeftOut[] = [];
  for (const method of PaymentMethod.options) {
    if (!isSwitchedOn(method, switchedOn)) continue;
    const able = providersFor(method, { country, currency: total.currency }).filter((provider) => {
      const no = whyNotCharge(provider, method, total);
      if (no) leftOut.push({ method, provider, ...no });
      return !no;
    });
    if (able.length > 0) methods.push(method);
  }
  return { methods, leftOut };
}
