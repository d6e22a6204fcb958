import s01 from "@unleash/client-specification/specifications/01-simple-examples.json";
import s02 from "@unleash/client-specification/specifications/02-user-with-id-strategy.json";
import s03 from "@unleash/client-specification/specifications/03-gradual-rollout-user-id-strategy.json";
import s04 from "@unleash/client-specification/specifications/04-gradual-rollout-session-id-strategy.json";
import s05 from "@unleash/client-specification/specifications/05-gradual-rollout-random-strategy.json";
import s06 from "@unleash/client-specification/specifications/06-remote-address-strategy.json";
import s07 from "@unleash/client-specification/specifications/07-multiple-strategies.json";
import s08 from "@unleash/client-specification/specifications/08-variants.json";
import s09 from "@unleash/client-specification/specifications/09-strategy-constraints.json";
import s10 from "@unleash/client-specification/specifications/10-flexible-rollout-strategy.json";
import s11 from "@unleash/client-specification/specifications/11-strategy-constraints-edge-cases.json";
import s12 from "@unleash/client-specification/specifications/12-custom-stickiness.json";
import s13 from "@unleash/client-specification/specifications/13-constraint-operators.json";
import s14 from "@unleash/client-specification/specifications/14-constraint-semver-operators.json";
import s15 from "@unleash/client-specification/specifications/15-global-constraints.json";
import s16 from "@unleash/client-specification/specifications/16-strategy-variants.json";
import s17 from "@unleash/client-specification/specifications/17-dependent-features.json";
import s18 from "@unleash/client-specification/specifications/18-utf8-flag-names.json";
import s19 from "@unleash/client-specification/specifications/19-delta-api-hydration.json";
import s20 from "@unleash/client-specification/specifications/20-delta-api-events.json";
import s21 from "@unleash/client-specification/specifications/21-regex-constraint-operators.json";
import s22 from "@unleash/client-specification/specifications/22-cidr-constraint-operators.json";
import index from "@unleash/client-specification/specifications/index.json";
import { readDefinitions } from "../flag-definitions.ts";
import { UnleashProvider } from "../unleash-provider.ts";

/** As the package has them: the definitions, and what a client must make of them. */
type Specification = {
  readonly name: string;
  readonly state: object;
  readonly tests?: readonly Case<boolean>[];
  readonly variantTests?: readonly Case<Variant>[];
};
type Case<T> = {
  readonly description: string;
  readonly context: Record<string, string | Record<string, string>>;
  readonly toggleName: string;
  readonly expectedResult: T;
};
type Variant = {
  readonly name: string;
  readonly payload?: { readonly type: string; readonly value: string };
  readonly enabled: boolean;
  readonly feature_enabled: boolean;
};

const specifications = [
  ...[s01, s02, s03, s04, s05, s06, s07, s08, s09, s10, s11],
  ...[s12, s13, s14, s15, s16, s17, s18, s19, s20, s21, s22],
] as readonly object[] as readonly Specification[];

/** The files that the package lists; a test holds the imports above against them. */
export const listed: readonly string[] = index;

/** Every case through our provider: how many there are, and a sentence for each that fails. */
export async function judged(): Promise<{ cases: number; files: number; failed: string[] }> {
  const failed: string[] = [];
  let cases = 0;
  for (const { name, state, tests = [], variantTests = [] } of specifications) {
    const provider = new UnleashProvider(readDefinitions(JSON.stringify(stateOf(state))));
    for (const each of tests) {
      const { value } = await provider.resolveBooleanEvaluation(each.toggleName, false, of(each));
      if (value !== each.expectedResult) failed.push(`${name}: ${each.description}`);
    }
    for (const each of variantTests) {
      const seen = await variantOf(provider, each);
      if (!same(seen, each.expectedResult)) failed.push(`${name}: ${each.description}`);
    }
    cases += tests.length + variantTests.length;
  }
  return { cases, files: specifications.length, failed };
}

/** What Unleash calls a variant, put together from what OpenFeature says of it. */
async function variantOf(provider: UnleashProvider, each: Case<Variant>): Promise<Variant> {
  const flag = each.toggleName;
  const { value, variant } = await provider.resolveBooleanEvaluation(flag, false, of(each));
  const { value: payload } = await provider.resolveStringEvaluation(flag, NONE, of(each));
  const type = each.expectedResult.payload?.type ?? "string";
  return {
    name: variant ?? "disabled",
    enabled: variant !== undefined,
    feature_enabled: value,
    ...(payload === NONE ? {} : { payload: { type, value: payload } }),
  };
}

const NONE = "no payload at all";

function same(seen: Variant, wanted: Variant): boolean {
  return (
    seen.name === wanted.name &&
    seen.enabled === wanted.enabled &&
    seen.feature_enabled === wanted.feature_enabled &&
    seen.payload?.value === wanted.payload?.value
  );
}

function of({ context: { userId, currentTime, ...context } }: Case<unknown>) {
  return {
    ...context,
    ...(typeof userId === "string" ? { targetingKey: userId } : {}),
    ...(typeof currentTime === "string" ? { currentTime: new Date(currentTime) } : {}),
  };
}

type Named = { readonly name: string };
type Delta = {
  readonly type: string;
  readonly feature?: Named;
  readonly featureName?: string;
  readonly features?: readonly Named[];
  readonly segment?: { readonly id: number };
  readonly segmentId?: number;
  readonly segments?: readonly { readonly id: number }[];
};

/** Two files tell the state as changes; we ask Unleash for the whole, so they are summed up here. */
function stateOf(state: object | { readonly events: readonly Delta[] }): object {
  if (!("events" in state)) return state;
  const features = new Map<string, Named>();
  const segments = new Map<number, { readonly id: number }>();
  for (const event of state.events) {
    for (const each of event.features ?? (event.feature ? [event.feature] : []))
      features.set(each.name, each);
    for (const each of event.segments ?? (event.segment ? [event.segment] : []))
      segments.set(each.id, each);
    if (event.type === "feature-removed") features.delete(event.featureName ?? "");
    if (event.type === "segment-removed") segments.delete(event.segmentId ?? 0);
  }
  return { version: 2, features: [...features.values()], segments: [...segments.values()] };
}
