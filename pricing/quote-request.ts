import type { CreateCheckout, Line } from "../schema/checkout.ts";
import type { SaleFlags } from "../schema/flag.ts";
import type { RegionCode } from "../schema/regions.ts";
/** What a shopper wants priced. Lines name each SKU once. */
export type QuoteRequest = Pick<CreateCheckout, "currency" | "country"> & {
  readonly region: RegionCode;
  readonly lines: readonly Line[];
  readonly state?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly city?: string | undefined;
  readonly shippingOption?: string | undefined;
  readonly promotionCodes?: readonly string[] | undefined;
  /** Of a business that accounts for the VAT itself. */
  readonly vatNumber?: string | undefined;
  /** As the sale's first quote decided them (decision 20); absent in that one. */
  readonly flags?: SaleFlags | undefined;
};
