import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plant } from "../faults/fault-mutants.ts";
import type { Edit } from "../faults/late-answers.ts";
import { type Build, load } from "./platform/build.ts";
import type { Bounds } from "./sales/bounds.ts";
import {
  adyen,
  adyenChallenged,
  adyenFirst,
  calm,
  idealAtStripe,
  stripe,
  stripeFirst,
} from "./sales/model-sales.ts";

type Mutant = {
  readonly name: string;
  readonly edit: Edit;
  /** What is searched has to show it, and by this. */
  readonly bounds: Bounds;
  readonly finding: RegExp;
};

/** Wrong transitions. The last four are mistakes that the search has found. */
export const mutants: readonly Mutant[] = [
  {
    name: "an unknown payment not undone before the next provider is tried",
    edit: {
      file: "durable-objects/saga/next-action.ts",
      line: 'if (act.state === "unknown" || act.state === "undoing") return undo(saga, run, act, nowMs);',
      mistake: "",
    },
    bounds: { ...calm, attempts: [stripeFirst], troubles: 1 },
    finding: /I9: 1\/adyen is tried while 1\/stripe is unknown/,
  },
  {
    name: "an order cancelled while its capture is out",
    edit: {
      file: "durable-objects/checkout/after-sale/money-queue.ts",
      line: 'const isCapturing = captures.some((each) => each.status === "sent" || each.status === "pending");',
      mistake: "const isCapturing = captures.length < 0;",
    },
    bounds: { ...calm, attempts: [stripe], orderCancels: 1 },
    finding: /goes out while capture of 1\/stripe is out|never becomes/,
  },
  {
    name: "late money not looked for",
    edit: {
      file: "durable-objects/checkout/provider-news/late-money.ts",
      line: 'return run.ended === "undone" || act?.state === "undone" || act?.state === "refused";',
      mistake: "return act?.step === undefined;",
    },
    bounds: { ...calm, attempts: [adyenFirst], troubles: 1 },
    finding: /I3: adyen_1 belongs to nobody/,
  },
  {
    name: "a sale called off when its payment was on its way back already is opened again",
    edit: {
      file: "durable-objects/checkout/paying/declined.ts",
      line: 'const isCancelled = because.refused === "cancelled" || tx.checkout.status === "cancelling";',
      mistake: 'const isCancelled = because.refused === "cancelled";',
    },
    bounds: { ...calm, attempts: [idealAtStripe], cancels: 1 },
    finding: /cancelling never becomes open/,
  },
  {
    name: "an order cancelled while a refund is received",
    edit: {
      file: "durable-objects/checkout/after-sale/money-queue.ts",
      line: 'const isRefunding = refunds?.some(({ status }) => status === "pending");',
      mistake: "const isRefunding = false;",
    },
    bounds: { ...calm, attempts: [adyen], refunds: 1, orderCancels: 1 },
    finding: /cancell(ing|ed) never becomes/,
  },
  {
    name: "late money given back that calls a paid attempt voided",
    edit: {
      file: "durable-objects/checkout/provider-news/give-back.saga.ts",
      line: "if (isGivenUp(tx.checkout, attempt)) {",
      mistake: "if (isGivenUp(tx.checkout, attempt) || attempt > 0) {",
    },
    bounds: { ...calm, attempts: [adyenFirst], troubles: 1 },
    finding: /I9: voided, and 1\/stripe is held/,
  },
  {
    name: "a payment called off while the shopper's proof is on its way to Adyen",
    edit: {
      file: "durable-objects/checkout/paying/authorize-request.ts",
      line: "const lastSentAtMs = authorization ? call.deps.shopperBackAtMs(attempt) : call.sinceMs;",
      mistake: "const lastSentAtMs = authorization ? call.startedAtMs : call.sinceMs;",
    },
    bounds: { ...calm, attempts: [adyenChallenged, stripe] },
    finding: /I9: voided, and money stands at adyen_1/,
  },
];

const COPIED = ["durable-objects", "payments", "pricing", "orders", "schema", "package.json"];

/** The product with a mistake in it, beside the product. */
export async function buildWith(edits: readonly Edit[]): Promise<Build> {
  const root = join(import.meta.dirname, "../..");
  const copy = await mkdtemp(join(tmpdir(), "tender-model-"));
  for (const part of COPIED) await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  for (const edit of edits) await plant(join(copy, edit.file), edit);
  try {
    return await load(copy);
  } finally {
    await rm(copy, { recursive: true });
  }
}
