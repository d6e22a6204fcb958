import { isTest, type Rule, type Source, withoutComments } from "./sources.ts";

type Ban = {
  readonly name: string;
  readonly pattern: RegExp;
  /** Where it stands for a reason. */
  readonly except: RegExp;
  readonly planted: readonly Source[];
};

const OFF_THE_SALE = "^(test|scripts|bench)/|\\.test\\.ts$|/testing/";

const bans: readonly Ban[] = [
  {
    name: "time comes in as nowMs: only objects, Workers and the objects' clock read it",
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/,
    except: new RegExp(`${OFF_THE_SALE}|\\.object\\.ts$|^workers/|^durable-objects/clock\\.ts$`),
    planted: [
      { path: "pricing/quote.ts", text: "const nowMs = Date.now();" },
      { path: "durable-objects/saga/runner.ts", text: "const at = new Date();" },
      { path: "orders/d1-order-store.ts", text: "const clock = Date.now;" },
    ],
  },
  {
    name: "chance comes in as an argument: keys are derived, and only objects roll dice, for jitter",
    pattern: /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/,
    except: new RegExp(`${OFF_THE_SALE}|\\.object\\.ts$|^workers/`),
    planted: [
      { path: "payments/stripe/client.ts", text: "const key = crypto.randomUUID();" },
      { path: "durable-objects/saga/retry.ts", text: "const jitter = Math.random();" },
    ],
  },
  {
    name: "tests do not sleep: they poll with eventually()",
    pattern: /\bset(Timeout|Interval)\(|\bsleep\(|(?<!\.)\bpause\(/,
    // A kill must come at no special moment.
    except: /^test\/(eventually\.ts$|kills\/)|^(?!test\/)(?!.*\.test\.ts$)/,
    planted: [
      { path: "test/stories/sale.test.ts", text: "await sleep(100);" },
      { path: "payments/provider.test.ts", text: "setTimeout(done, 100);" },
    ],
  },
  {
    name: "no test is skipped, left for later or run alone",
    pattern: /\b(test|it|describe)\.(skip|only|todo|fails|skipIf|runIf)\b/,
    except: /^$/,
    planted: [
      { path: "test/stories/sale.test.ts", text: 'test.only("sells", () => {});' },
      { path: "schema/money.test.ts", text: 'describe.skip("money", () => {});' },
    ],
  },
  {
    name: "types are not talked away",
    pattern: /\bas any\b|\bas unknown as\b|@ts-(ignore|nocheck|expect-error)/,
    // The route builder's own handler type is too deep for the compiler; and tests build wrong things.
    except: /^workers\/edge\/gate\/api\.ts$|\.test\.ts$/,
    planted: [
      { path: "orders/d1-order-store.ts", text: "const row = found as any;" },
      { path: "orders/d1-order-store.ts", text: "const row = found as unknown as Row;" },
    ],
  },
  {
    name: "only placement turns a name into an object, and only it knows jurisdictions",
    pattern: /\b(idFromName|getByName|newUniqueId|idFromString)\(|\.jurisdiction\(/,
    except: /^durable-objects\/placement\.ts$|^workers\/simulators\/|^bench\/bare\/|\.test\.ts$/,
    planted: [{ path: "workers/edge/asking/ask.ts", text: "env.CHECKOUT.getByName(id);" }],
  },
  {
    name: "money is added in schema/money.ts only",
    pattern: /\bamountMinor\s*[-+*/]|[-+*/]\s*[\w.]*\bamountMinor\b/,
    except: new RegExp(`${OFF_THE_SALE}|^schema/money\\.ts$|^workers/simulators/`),
    planted: [
      { path: "pricing/quote.ts", text: "const total = a.amountMinor + b.amountMinor;" },
      { path: "pricing/quote.ts", text: "const double = 2 * line.amountMinor;" },
    ],
  },
  {
    name: "nothing is left for later",
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    except: /^$/,
    planted: [{ path: "pricing/tax.ts", text: "const rate = 0; // TODO: look it up" }],
  },
];

/** Comments count for the bans that are about comments. */
const READS_COMMENTS = /TODO|@ts-/;

export const banned: readonly Rule[] = bans.map(({ name, pattern, except, planted }) => ({
  name,
  planted,
  check: (sources) =>
    sources
      .filter(({ path }) => !except.test(path) && !path.startsWith("test/architecture/"))
      .flatMap(({ path, text }) => {
        const code = READS_COMMENTS.test(pattern.source) ? text : withoutComments(text);
        const found = pattern.exec(code);
        return found ? [`${path} says "${found[0]}"`] : [];
      }),
}));

export const fileNames: Rule = {
  name: "a file is named thing and role, in kebab-case",
  check: (sources) =>
    sources
      .map(({ path }) => path)
      .filter((path) => !/(^|\/)[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.tsx?$/.test(path)),
  planted: [{ path: "pricing/taxRates.ts", text: "" }],
};

const LINES_MAX = 400;
const LINES_USUAL = 200;

/** Why these are longer than a page, each with the reason that splitting would cost more. */
const longFiles: Readonly<Record<string, string>> = {
  "durable-objects/checkout/checkout.object.ts":
    "every way into a sale, and the one alarm, in one view: they share the run in flight",
  "durable-objects/cart/cart.object.ts":
    "every way into a cart, and its one alarm, in one view; what they do lies beside it",
  "durable-objects/feed/feed.object.ts":
    "every way into a feed in one view; what they do lies beside it, a file each",
  "durable-objects/checkout/paying/pay.saga.ts": "the sale itself, readable from top to bottom",
  "durable-objects/inventory/inventory.object.ts":
    "every way into one cell's stock, each a line of forwarding",
  "durable-objects/inventory/inventory.store.ts":
    "every statement of one cell in sight: its counters, its holds, its movements",
  "durable-objects/stock-ledger/stock-ledger.store.ts":
    "every statement of one ledger in sight: its leases, its transfers, what did not add up",
  "pricing/d1/catalogue-admin-store.ts":
    "every statement with which operators change the catalogue, each beside how it is read",
  "durable-objects/stock-ledger/stock-ledger.object.ts":
    "the ledger's calls and its one alarm share the transfers in flight",
  "durable-objects/checkout/provider-news/payment-watch.ts":
    "every way in which money comes to be known of shares the one look at a time",
  "test/faults/shop/shop.ts":
    "the whole shop that the matrix sells in: each part stands in for one object",
  "test/faults/matrix/play.ts":
    "one play: whatever may strike it, and the one clock that it is struck by",
  "test/faults/fault-mutants.ts": "the one table of the engine's mistakes: it grows by rows",
  "durable-objects/saga/runner.ts":
    "what may happen to a run, and the one drive that it happens to",
  "durable-objects/saga/move.ts":
    "all that one transaction decides; apart, none of it can be judged",
  "payments/provider.ts": "the one port: what every provider is asked and may answer, in one view",
  "orders/d1-order-store.ts":
    "every promise of the port in one dialect; its hot statements are beside it",
  "orders/postgres-order-store.ts":
    "as d1-order-store.ts: the same promises in the other dialect, line by line beside it",
  "workers/storefront/words/troubles.ts":
    "the one table of refusals in a shopper's words: it grows by rows",
  "schema/refusals.ts": "the one table of every no: it grows by rows, not by rules",
  "scripts/seed/tax-rates.ts":
    "the one table of seeded rates: it grows by rows, each with its source",
  "workers/simulators/adyen/storage/payment-store.ts":
    "every statement on one account, and nothing else",
  "workers/simulators/stripe/intents/confirm-intent.ts":
    "from a new intent to an authorized one, each of Stripe's no",
  "workers/simulators/control/faults.ts":
    "the whole control endpoint: what can be set, and what it does",
  "workers/simulators/stripe/calls/intent-calls.ts":
    "a function per call of one resource, in Stripe's order",
};

export const fileSizes: Rule = {
  name: `a file has up to ${LINES_USUAL} lines; with a reason, and tests, up to ${LINES_MAX}`,
  check: (sources) =>
    sources.flatMap(({ path, text }) => {
      const lines = text.split("\n").length - 1;
      if (lines > LINES_MAX) return [`${path} has ${lines} lines`];
      const isLong = lines > LINES_USUAL && !isTest(path);
      if (isLong && !longFiles[path]) return [`${path} has ${lines} lines and no reason`];
      return !isLong && longFiles[path] ? [`${path} is short again: drop its reason`] : [];
    }),
  planted: [
    { path: "pricing/quote.ts", text: "x;\n".repeat(LINES_USUAL + 1) },
    { path: "pricing/quote.test.ts", text: "x;\n".repeat(LINES_MAX + 1) },
  ],
};

const FOLDERS =
  ".ci .githooks bench docs durable-objects findings migrations orders payments pricing schema scripts test workers";
const NAMELESS = /^(utils?|libs?|common|types|helpers?|misc|shared|core)$/;

/** Folders from the root that have no place here. */
export function strayFolders(folders: readonly string[]): string[] {
  const topLevel = FOLDERS.split(" ");
  return folders.filter((folder) => {
    const parts = folder.split("/");
    return !topLevel.includes(parts[0] ?? "") || parts.some((part) => NAMELESS.test(part));
  });
}
