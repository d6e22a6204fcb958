import type { FeatureInterface } from "unleash-client/lib/feature.js";
import type { Segment as SegmentDefinition } from "unleash-client/lib/strategy/strategy.js";
import * as z from "zod";

// Checked is only what would make the evaluator throw: rules that it does not know it takes for
// "off", and members that newer servers send it does not read.
const Constraint = z.looseObject({ contextName: z.string(), operator: z.string() });
const Constraints = z.array(Constraint).optional();
const Variant = z.looseObject({ name: z.string(), weight: z.number() });
const Variants = z.array(Variant).nullish();
const Strategy = z.looseObject({
  name: z.string(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  constraints: Constraints.nullable(),
  segments: z.array(z.number()).nullish(),
  variants: Variants,
});
const Feature = z.looseObject({
  name: z.string().min(1),
  enabled: z.boolean(),
  strategies: z.array(Strategy).nullish(),
  variants: Variants,
  dependencies: z
    .array(z.looseObject({ feature: z.string(), variants: z.array(z.string()).optional() }))
    .nullish(),
});

const Segment = z.looseObject({ id: z.number(), constraints: Constraints });

/** As the evaluator's types have it, looked at as far as it matters. */
function like<T>(shape: z.ZodType) {
  return z.custom<T>((value) => shape.safeParse(value).success, "not what Unleash sends");
}

/**
 * What Unleash tells its clients.
 *
 * Source: https://docs.getunleash.io/reference/api/unleash/get-all-client-features
 */
const ClientFeatures = z.looseObject({
  version: z.number(),
  features: z.array(like<FeatureInterface>(Feature)),
  segments: z.array(like<SegmentDefinition>(Segment)).nullish(),
});

/** Flags by name and segments by id, as the evaluator looks them up. */
export type Definitions = {
  readonly features: ReadonlyMap<string, FeatureInterface>;
  readonly segments: ReadonlyMap<number, SegmentDefinition>;
};

/** Throws: when the text is not what Unleash tells its clients. */
export function readDefinitions(text: string): Definitions {
  const { features, segments } = ClientFeatures.parse(JSON.parse(text));
  return {
    features: new Map(features.map((feature) => [feature.name, feature])),
    segments: new Map((segments ?? []).map((segment) => [segment.id, segment])),
  };
}
