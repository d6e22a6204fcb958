import * as z from "zod";
import { Currency } from "./money.ts";
import { CaptureMode, ExtraMethods, PaymentMethod, ProviderName } from "./payment.ts";
import { Country, RegionCode } from "./regions.ts";
import { WithdrawalDays } from "./withdrawal.ts";

const oneOrMore = <T extends z.ZodType>(each: T) => z.array(each).min(1).max(300);

/** In minor units; without a currency an amount means nothing. */
const AmountRange = z
  .strictObject({
    currency: Currency,
    fromMinor: z.int().min(0).optional().describe("from this amount on"),
    toMinor: z.int().min(0).optional().describe("up to and with this amount"),
  })
  .refine(({ fromMinor = 0, toMinor = Number.MAX_SAFE_INTEGER }) => fromMinor <= toMinor, {
    message: "the range ends before it begins",
  });

/** Which payments a rule is for: those that fit all that is said here. */
const RuleMatch = z.strictObject({
  regions: oneOrMore(RegionCode).optional(),
  countries: oneOrMore(Country).optional(),
  currencies: oneOrMore(Currency).optional(),
  methods: oneOrMore(PaymentMethod).optional(),
  amount: AmountRange.optional(),
});

const Share = z.strictObject({
  provider: ProviderName,
  weight: z.int().min(1).max(1000).default(1).describe("against the others of its group"),
});

/** Which providers a payment may go to. The first rule that fits decides alone. */
export const RoutingRule = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "a rule's name is small letters, digits and hyphens"),
    match: RuleMatch.optional().describe("every payment when absent"),
    order: oneOrMore(oneOrMore(Share)).describe(
      "groups, tried in this order; within a group chance decides, by weight",
    ),
  })
  .superRefine(({ name, order }, { addIssue }) => {
    const named = order.flat().map(({ provider }) => provider);
    const twice = named.find((provider, index) => named.indexOf(provider) !== index);
    if (!twice) return;
    addIssue({ code: "custom", path: ["order"], message: `rule ${name} names ${twice} twice` });
  });
export type RoutingRule = z.infer<typeof RoutingRule>;

/** A shop's rules, whole. None means the deployment's defaults. */
export const RoutingRules = z
  .array(RoutingRule)
  .max(100)
  .superRefine((rules, { addIssue }) => {
    const names = rules.map(({ name }) => name);
    const index = names.findIndex((name, at) => names.indexOf(name) !== at);
    if (index < 0) return;
    const message = `two rules are called ${names[index]}`;
    addIssue({ code: "custom", path: [index, "name"], message });
  });
export type RoutingRules = z.infer<typeof RoutingRules>;

/** Rules as an operator sets and reads them. */
export const RoutingTable = z.strictObject({ rules: RoutingRules });
export const RoutingView = z.strictObject({
  rules: RoutingRules,
  from: z.enum(["shop", "defaults"]).describe("defaults where the shop has no rules of its own"),
});
export type RoutingView = z.infer<typeof RoutingView>;

/** What becomes of the uses of limited promotions when their order is cancelled before it left. */
export const UsesOfCancelledOrders = z.enum(["returned", "spent"]);
export type UsesOfCancelledOrders = z.infer<typeof UsesOfCancelledOrders>;

export const ShopSettings = z.strictObject({
  captureMode: CaptureMode,
  usesOfCancelledOrders: UsesOfCancelledOrders.describe(
    "whether a limited promotion can be used again when its order is cancelled before it left",
  ),
  extraMethods: ExtraMethods.describe(
    "methods that are off until they are named here, all of them: new ones of the providers",
  ),
  withdrawalDays: WithdrawalDays.describe(
    "for how many days after the day on which the last parcel left a shopper may withdraw",
  ),
});
export type ShopSettings = z.infer<typeof ShopSettings>;

/** What is absent stays as it was. */
export const ShopSettingsChange = ShopSettings.partial();

/** Whether a provider is asked: yes, no, or by a share of sales to see whether it is back. */
export const BreakerState = z.enum(["closed", "open", "half_open"]);
export type BreakerState = z.infer<typeof BreakerState>;

/** How a provider has answered for a method, seen from one region; the last minute of calls. */
export const ProviderHealthView = z.strictObject({
  region: RegionCode,
  provider: ProviderName,
  method: PaymentMethod,
  breaker: BreakerState,
  since: z.iso.datetime().describe("when the breaker came into this state"),
  calls: z.int().min(0),
  successRate: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe("calls that were answered, a bank's no among them; null without calls"),
  p50Ms: z.int().min(0).nullable(),
  p95Ms: z.int().min(0).nullable(),
});
export type ProviderHealthView = z.infer<typeof ProviderHealthView>;
