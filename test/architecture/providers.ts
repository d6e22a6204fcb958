import { ProviderName } from "../../schema/payment.ts";
import { importsOf, isTest, type Rule, type Source, withoutComments } from "./sources.ts";

const NAMES = ProviderName.options.join("|");
const CAPITALS = ProviderName.options.map(
  (name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
);

/** Where a provider may be called by its name: what is its own, what shows it, and what tests it. */
const AT_HOME = new RegExp(
  `^(payments/(${NAMES})|workers/(simulators|storefront|edge/reference/examples)|test|bench|scripts)/`,
);

/**
 * A provider's name as a value: compared, chosen by or fallen back to. As the key of a table it
 * stands without quotes, and the compiler asks for every other one beside it.
 */
const AS_VALUE = new RegExp(
  `["'\`](${NAMES})["'\`]|\\?*\\.(${NAMES})\\b(?!\\.com)|\\bis(${CAPITALS.join("|")})\\b`,
);
/** The one list of the names. */
const LIST = "schema/payment.ts";

export const providersByTable: Rule = {
  name: "what differs by provider is a table: outside its folder nobody asks for one by its name",
  check: (sources) =>
    sources.filter(isElsewhere).flatMap(({ path, text }) => {
      const code = withoutComments(text)
        .replace(/^(import|export)\b[^;]*?\bfrom\s+"[^"]+";$/gm, "")
        .replace(path === LIST ? /z\.enum\(\[[^\]]*\]\)/ : /^$/, "");
      const found = AS_VALUE.exec(code);
      return found ? [`${path} says ${found[0]}`] : [];
    }),
  planted: [
    plant("workers/jobs/x.ts", 'if (row.provider !== "stripe") return undefined;'),
    plant("workers/jobs/x.ts", 'const isDone = "adyen" === day.provider;'),
    plant("durable-objects/checkout/paying/x.ts", "const isStripe = await ask(provider);"),
    plant(
      "durable-objects/checkout/paying/x.ts",
      'const given = token ? ["stripe" as const] : [];',
    ),
    plant("durable-objects/checkout/x.ts", "cards.put(1, body.payment?.tokens?.adyen);"),
    plant("payments/providers/x.ts", "switch (name) {\n  case 'adyen':\n    return 1;\n}"),
    plant("payments/reconciliation/x.ts", 'const provider = payment?.provider ?? "stripe";'),
    plant("payments/routing/x.ts", 'const first = [{ provider: "stripe", weight: 1 }];'),
    plant(LIST, 'export const isFirst = (name: ProviderName) => name === "stripe";'),
  ],
};

const REGISTRY = "payments/providers/registry.ts";

export const providersBehindRegistry: Rule = {
  name: "a provider's folder is imported by the registry alone",
  check: (sources) =>
    sources.filter(isElsewhere).flatMap((source) =>
      importsOf(source)
        .filter(({ from }) => new RegExp(`^payments/(${NAMES})/`).test(from))
        .filter(() => source.path !== REGISTRY)
        .map(({ from }) => `${source.path} imports ${from}`),
    ),
  planted: [
    plant("workers/jobs/x.ts", 'import { fetchEvent } from "../../payments/stripe/events.ts";'),
    plant("payments/routing/x.ts", 'import type { AdyenConfig } from "../adyen/config.ts";'),
  ],
};

function isElsewhere({ path }: Source): boolean {
  return !AT_HOME.test(path) && !isTest(path) && /\.tsx?$/.test(path) && path.includes("/");
}

function plant(path: string, text: string): Source {
  return { path, text };
}
