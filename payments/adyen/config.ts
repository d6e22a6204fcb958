import { type RegionCode, regionCodes } from "../../schema/regions.ts";

/** How this deployment reaches Adyen, and how Adyen proves itself. */
export type AdyenConfig = {
  /** Without the API's version: https://checkout-test.adyen.com */
  readonly apiBase: string;
  /** Endpoints of regions that have their own. */
  readonly regionalApiBases?: { readonly [Code in RegionCode]?: string };
  readonly apiKey: string;
  readonly merchantAccount: string;
  /** Hex, 32 bytes or more. Two while a key is being rotated; none lets no webhook in. */
  readonly hmacKeys: readonly string[];
  /** Adyen has allowed several captures of one hold; else the first one lets the rest go. */
  readonly severalCaptures: boolean;
};

export type AdyenEnv = {
  readonly ADYEN_API_BASE: string;
  readonly ADYEN_API_KEY: string;
  readonly ADYEN_MERCHANT_ACCOUNT: string;
  /** One key or two, with a comma or a blank between them. */
  readonly ADYEN_HMAC_KEY: string;
  /** Of a live account; takes the place of ADYEN_API_BASE. */
  readonly ADYEN_LIVE_PREFIX?: string;
  /** "true" where Adyen's support has enabled multiple partial captures. */
  readonly ADYEN_SEVERAL_CAPTURES?: string;
} & { readonly [Code in RegionCode as `ADYEN_API_BASE_${Uppercase<Code>}`]?: string };

export function adyenConfigFrom(env: AdyenEnv): AdyenConfig {
  const regional = regionCodes.flatMap((code) => {
    const base = env[`ADYEN_API_BASE_${code.toUpperCase() as Uppercase<RegionCode>}`];
    return base ? [[code, base] as const] : [];
  });
  return {
    apiBase: env.ADYEN_LIVE_PREFIX ? liveBase(env.ADYEN_LIVE_PREFIX) : env.ADYEN_API_BASE,
    regionalApiBases: Object.fromEntries(regional),
    apiKey: env.ADYEN_API_KEY,
    merchantAccount: env.ADYEN_MERCHANT_ACCOUNT,
    hmacKeys: env.ADYEN_HMAC_KEY.split(/[\s,]+/).filter((key) => key !== ""),
    severalCaptures: env.ADYEN_SEVERAL_CAPTURES === "true",
  };
}

/** The endpoint of a region, without a slash at its end. */
export function endpointOf(config: AdyenConfig, region: RegionCode): string {
  return (config.regionalApiBases?.[region] ?? config.apiBase).replace(/\/+$/, "");
}

/** Source: https://docs.adyen.com/development-resources/live-endpoints */
function liveBase(prefix: string): string {
  return `https://${prefix}-checkout-live.adyenpayments.com/checkout`;
}
