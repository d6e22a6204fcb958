import {
  ErrorCode,
  type EvaluationContext,
  type JsonValue,
  type Provider,
  type ResolutionDetails,
  StandardResolutionReasons,
} from "@openfeature/server-sdk";
import evaluator from "unleash-client/lib/client.js";
import type { Context } from "unleash-client/lib/context.js";
import { defaultStrategies } from "unleash-client/lib/strategy/index.js";
import type { Definitions } from "./flag-definitions.ts";

// CommonJS: bundlers give the class, Node the module around it.
const UnleashClient = "default" in evaluator ? (evaluator.default as typeof evaluator) : evaluator;

/**
 * Unleash's own evaluator behind OpenFeature. A flag is its switch as a boolean; as a string, number
 * or object it is its variant's payload. It is told its definitions and asks nobody.
 */
export class UnleashProvider implements Provider {
  readonly metadata = { name: "unleash" } as const;
  readonly runsOn = "server";
  #definitions: Definitions;
  #client: InstanceType<typeof UnleashClient>;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
    this.#client = clientOf(definitions);
  }

  /** From here on these are the flags. */
  use(definitions: Definitions): void {
    this.#definitions = definitions;
    this.#client = clientOf(definitions);
  }

  get names(): readonly string[] {
    return [...this.#definitions.features.keys()];
  }

  async resolveBooleanEvaluation(flag: string, otherwise: boolean, context: EvaluationContext) {
    if (!this.#definitions.features.has(flag)) return unknown(otherwise);
    const seen = this.#client.getVariant(flag, contextOf(context));
    const { name, enabled, feature_enabled: value = false } = seen;
    const variant = enabled ? { variant: name } : {};
    return { value, reason: StandardResolutionReasons.TARGETING_MATCH, ...variant };
  }

  async resolveStringEvaluation(flag: string, otherwise: string, context: EvaluationContext) {
    return this.#payload(flag, otherwise, context, (text) => text);
  }

  async resolveNumberEvaluation(flag: string, otherwise: number, context: EvaluationContext) {
    return this.#payload(flag, otherwise, context, (text) => {
      const value = text.trim() === "" ? Number.NaN : Number(text);
      return Number.isFinite(value) ? value : undefined;
    });
  }

  async resolveObjectEvaluation<T extends JsonValue>(
    flag: string,
    otherwise: T,
    context: EvaluationContext,
  ) {
    return this.#payload<T>(flag, otherwise, context, (text) => JSON.parse(text));
  }

  #payload<T>(
    flag: string,
    otherwise: T,
    context: EvaluationContext,
    read: (text: string) => T | undefined,
  ): ResolutionDetails<T> {
    if (!this.#definitions.features.has(flag)) return unknown(otherwise);
    const { name, enabled, payload } = this.#client.getVariant(flag, contextOf(context));
    if (!enabled || !payload) {
      return { value: otherwise, reason: StandardResolutionReasons.DEFAULT };
    }
    const value = readable(payload.value, read);
    if (value !== undefined) {
      return { value, variant: name, reason: StandardResolutionReasons.TARGETING_MATCH };
    }
    const reason = StandardResolutionReasons.ERROR;
    return { value: otherwise, reason, errorCode: ErrorCode.TYPE_MISMATCH };
  }
}

function clientOf({ features, segments }: Definitions) {
  const repository = {
    getToggle: (name: string) => features.get(name),
    getSegment: (id: number) => segments.get(id),
  };
  // Of a repository the evaluator asks these two things; the type names a whole poller.
  type Repository = ConstructorParameters<typeof UnleashClient>[0];
  return new UnleashClient(repository as Repository, defaultStrategies);
}

/** A payload that is not what its flag is asked for as is a wrong type, not a fault. */
function readable<T>(text: string, read: (text: string) => T | undefined): T | undefined {
  try {
    return read(text);
  } catch {
    return undefined;
  }
}

function unknown<T>(value: T): ResolutionDetails<T> {
  return {
    value,
    reason: StandardResolutionReasons.DEFAULT,
    errorCode: ErrorCode.FLAG_NOT_FOUND,
  };
}

/** OpenFeature names who asks `targetingKey`; Unleash names it `userId`. */
function contextOf({ targetingKey, ...rest }: EvaluationContext): Context {
  return { ...(targetingKey === undefined ? {} : { userId: targetingKey }), ...rest } as Context;
}
