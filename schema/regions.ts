import * as z from "zod";

export const RegionCode = z.enum(["eu", "us", "apac", "sam"]);
export type RegionCode = z.infer<typeof RegionCode>;

/** Where Cloudflare is asked to put objects or a database: pinned by law's border, or only near. */
export type Placement =
  | { readonly jurisdiction: "eu" | "us" }
  | { readonly hint: "enam" | "apac" | "sam" };

type Region = {
  readonly objects: Placement;
  readonly d1: Placement;
  readonly fallbacks: readonly RegionCode[];
  /** Pinned data never leaves the jurisdiction, not even in a drain. */
  readonly pinned: boolean;
  /** Orders stand in `orders`, or behind `postgres` where the variable `orderStore` says so. */
  readonly bindings: {
    readonly orders: `ORDERS_${string}`;
    readonly orderStore: `ORDER_STORE_${string}`;
    readonly postgres: `POSTGRES_${string}`;
    readonly events: `EVENTS_${string}`;
  };
  readonly countries: readonly string[];
};

const list = (codes: string) => codes.split(" ");

/**
 * The one table of regions. A sale's home is a function of the shopper's country and this table.
 * D1 and queues know fewer places than objects do, hence a placement for each.
 * Source: https://developers.cloudflare.com/durable-objects/reference/data-location/
 */
export const regions = {
  eu: {
    objects: { jurisdiction: "eu" },
    d1: { jurisdiction: "eu" },
    fallbacks: [],
    pinned: true,
    bindings: {
      ...{ orders: "ORDERS_EU", orderStore: "ORDER_STORE_EU", postgres: "POSTGRES_EU" },
      events: "EVENTS_EU",
    },
    // EEA, United Kingdom, Switzerland; the rest of Europe; Africa.
    countries: list(
      "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO " +
        "GB CH AD AL AX BA BY FO GG GI IM JE MC MD ME MK RS RU SJ SM TR UA VA XK " +
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG " +
        "ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
    ),
  },
  us: {
    objects: { jurisdiction: "us" },
    d1: { hint: "enam" },
    fallbacks: ["sam"],
    pinned: false,
    bindings: {
      ...{ orders: "ORDERS_US", orderStore: "ORDER_STORE_US", postgres: "POSTGRES_US" },
      events: "EVENTS_US",
    },
    // With Central America and the Caribbean, whose cables land there.
    countries: list(
      "US CA MX AG AI AW BB BL BM BQ BS BZ CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS NI " +
        "PA PM PR SV SX TC TT VC VG VI",
    ),
  },
  apac: {
    objects: { hint: "apac" },
    d1: { hint: "apac" },
    fallbacks: ["us"],
    pinned: false,
    bindings: {
      ...{ orders: "ORDERS_APAC", orderStore: "ORDER_STORE_APAC", postgres: "POSTGRES_APAC" },
      events: "EVENTS_APAC",
    },
    countries: list(
      "IN AE AF AM AZ BD BH BN BT CC CN CX GE HK ID IL IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN " +
        "MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TW UZ VN YE " +
        "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV VU WF WS",
    ),
  },
  sam: {
    // Cloudflare may place a `sam` object near South America rather than in it.
    objects: { hint: "sam" },
    d1: { hint: "enam" },
    fallbacks: ["us"],
    pinned: false,
    bindings: {
      ...{ orders: "ORDERS_SAM", orderStore: "ORDER_STORE_SAM", postgres: "POSTGRES_SAM" },
      events: "EVENTS_SAM",
    },
    countries: list("AR BO BR CL CO EC FK GF GY PE PY SR UY VE"),
  },
} as const satisfies Record<RegionCode, Region>;

export const regionCodes = RegionCode.options;

const homes: ReadonlyMap<string, RegionCode> = new Map(
  regionCodes.flatMap((code) => regions[code].countries.map((country) => [country, code] as const)),
);

/** ISO 3166-1 alpha-2, upper case. */
export const Country = z.string().regex(/^[A-Z]{2}$/, "a country is two capital letters");
export type Country = z.infer<typeof Country>;

/** A sale's home, or undefined where no region serves the country: then the sale is refused. */
export function homeRegion(country: Country): RegionCode | undefined {
  return homes.get(country);
}
