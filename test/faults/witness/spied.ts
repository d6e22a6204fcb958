import type { AnySaga } from "../../../durable-objects/saga/next-action.ts";
import type { Body, StepDefinition } from "../../../durable-objects/saga/step.ts";
import type { Where } from "./seen-log.ts";

type AnyBody = Body<unknown, unknown>;
type AnyStep = StepDefinition<unknown, unknown>;

export type Attempt = Where & {
  readonly saga: string;
  readonly mode: "do" | "undo";
  readonly body: AnyBody;
};

/** Stands between the engine and the world. */
export type Spy = {
  /** Makes the call, or not, or makes it and says otherwise. */
  call(attempt: Attempt, effect: () => Promise<unknown>): Promise<unknown>;
  committed(where: Where): void;
};

/** The same saga, its own steps and bodies, with a spy between it and the world. */
export function spied(saga: AnySaga, spy: Spy): AnySaga {
  const { name, version, ending } = saga;
  return { name, version, ending, steps: saga.steps.map((step) => spiedStep(name, step, spy)) };
}

function spiedStep(saga: string, step: AnyStep, spy: Spy): AnyStep {
  switch (step.kind) {
    case "step":
      return { ...step, ...spiedBody(saga, step.name, undefined, step, spy) };
    case "firstOf":
      return {
        ...step,
        option: (option) => spiedBody(saga, step.name, option, step.option(option), spy),
      };
    case "waitFor":
    case "pivot":
      return { ...step, ...spiedCommit(step, step.name, undefined, spy) } as AnyStep;
  }
}

function spiedBody(
  saga: string,
  step: string,
  option: string | undefined,
  body: AnyBody,
  spy: Spy,
): AnyBody {
  const attempt = (mode: "do" | "undo", key: string) => {
    return { saga, step, option, mode, body, runId: runOf(key, step, option) };
  };
  const { do: make, undo } = body;
  return {
    ...body,
    ...spiedCommit(body, step, option, spy),
    ...(make && {
      do: (ctx) => spy.call(attempt("do", ctx.key), async () => make(ctx)),
    }),
    ...(typeof undo === "function" && {
      undo: (ctx) => spy.call(attempt("undo", ctx.key), async () => undo(ctx)),
    }),
  } as AnyBody;
}

function spiedCommit(
  body: { readonly commit?: ((ctx: never) => void) | undefined },
  step: string,
  option: string | undefined,
  spy: Spy,
) {
  const { commit } = body;
  if (!commit) return {};
  return {
    commit: (ctx: never) => {
      spy.committed({ runId: (ctx as { readonly runId: string }).runId, step, option });
      commit(ctx);
    },
  };
}

function runOf(key: string, step: string, option: string | undefined): string {
  return key.slice(0, -`/${step}${option === undefined ? "" : `/${option}`}`.length);
}
