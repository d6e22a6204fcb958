import { noLostOrder, sameKeySameAnswer, unknownIsNotFailed } from "./answers.audit.ts";
import {
  type AuditInput,
  type Finding,
  netReceived,
  type World,
  worldOf,
} from "./audited-world.ts";
import { booksAgree } from "./books.audit.ts";
import { gaplessEvents } from "./events.audit.ts";
import { linesAddUp } from "./lines.audit.ts";
import { noOrphanMoney, oneCharge, quotedIsPaid } from "./money.audit.ts";
import { noCardData, personalDataAtHome } from "./privacy.audit.ts";
import { noOversell, noStuckStock } from "./stock.audit.ts";

type Invariant = {
  readonly title: string;
  /** Only what shoppers were told can show it; dumps alone say nothing. */
  readonly needsTold?: true;
  readonly check: (world: World) => Iterable<Finding>;
};

/** Every promise that dumps can prove or break. */
export const invariants = {
  I1: { title: "One charge", check: oneCharge },
  I2: { title: "No lost order", check: noLostOrder },
  I3: { title: "No orphan money", check: noOrphanMoney },
  I4: { title: "No oversell", check: noOversell },
  I5: { title: "No stuck stock", check: noStuckStock },
  I6: { title: "The quoted price is the paid price", check: quotedIsPaid },
  I7: { title: "Same key, same answer", check: sameKeySameAnswer, needsTold: true },
  I8: { title: "Events without gaps", check: gaplessEvents },
  I9: { title: "Unknown is not failed", check: unknownIsNotFailed, needsTold: true },
  I10: { title: "Personal data at home", check: personalDataAtHome },
  I11: { title: "No card data", check: noCardData },
  I13: { title: "The provider's books agree", check: booksAgree },
  I14: { title: "Lines add up", check: linesAddUp },
} as const satisfies Record<string, Invariant>;

export type InvariantName = keyof typeof invariants;
type Named = {
  readonly invariant: InvariantName;
  readonly subject: string;
  readonly sentence: string;
};
export type Violation = Named;
export type Unfinished = Named;

export type AuditResult = {
  readonly violations: readonly Violation[];
  readonly unfinished: readonly Unfinished[];
  readonly counts: {
    readonly orders: number;
    readonly payments: number;
    readonly netCaptures: number;
    readonly events: number;
    readonly stockRows: number;
    readonly told: number;
  };
};

/** Holds the dumps against every invariant. At rest both lists must be empty. */
export function audit(input: AuditInput): AuditResult {
  const world = worldOf(input);
  const names = Object.keys(invariants) as InvariantName[];
  const findings = names.flatMap((invariant) =>
    [...invariants[invariant].check(world)].map((finding) => ({ invariant, ...finding })),
  );
  const of = (wanted: Finding["kind"]): Named[] =>
    findings
      .filter(({ kind }) => kind === wanted)
      .map(({ invariant, subject, sentence }) => ({ invariant, subject, sentence }));
  return {
    violations: of("violation"),
    unfinished: of("unfinished"),
    counts: {
      orders: world.orders.length,
      payments: world.ledger.length,
      netCaptures: world.ledger.filter((payment) => netReceived(payment) > 0).length,
      events: world.events.length,
      stockRows: world.stock.length,
      told: world.told.length,
    },
  };
}
