import { freePort } from "../machine/platform.ts";

type Vars = Readonly<Record<string, string>>;

/** Where each simulated provider answers on the simulators' port. */
export const simulated = { STRIPE_API_BASE: "", ADYEN_API_BASE: "/adyen" } as const;

/** What is simulated beside them, and can be done without. */
export const spared = { UNLEASH_URL: "/unleash/api", CARRIER_API_BASE: "/carriers" } as const;

const ON_DEMAND = { DUTIES_API_BASE: "/duties" } as const;

/** What is simulated for those who ask for it: `--var DUTIES_API_BASE:simulator`. */
export function onDemand(vars: Vars, simulatorUrl: string | undefined): Vars {
  const asked = Object.entries(ON_DEMAND).filter(([name]) => vars[name] === "simulator");
  return Object.fromEntries(asked.map(([name, path]) => [name, `${simulatorUrl ?? ""}${path}`]));
}

/** Which providers are simulated: those whose base URL nobody has set. */
export function areSimulated(overrides: Vars = {}): "all" | "some" | "none" {
  const names = Object.keys(simulated);
  const elsewhere = names.filter((name) => overrides[name] !== undefined);
  if (elsewhere.length === 0) return "all";
  return elsewhere.length < names.length ? "some" : "none";
}

/** The wanted port, unless a provider of the caller's own is on it. 0: any that is free. */
export async function simulatorPortAt(wanted: number, vars: Vars = {}): Promise<number> {
  const isTaken = Object.keys(simulated).some((name) => {
    const base = vars[name] ?? "";
    return URL.canParse(base) && new URL(base).port === String(wanted);
  });
  return wanted === 0 || isTaken ? freePort() : wanted;
}
