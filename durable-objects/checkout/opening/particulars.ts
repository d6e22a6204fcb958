import { filled } from "../../../schema/buyer.ts";
import type { CreateCheckout, PatchCheckout, WantedLine } from "../../../schema/checkout.ts";
import type { Particulars } from "../sale/checkout.ts";

type Told = Pick<CreateCheckout, "billingAddress" | "company" | "note">;

/** What a create tells beside what is priced. Undefined where it tells nothing. */
export function particularsOf(told: Told, lines: readonly WantedLine[]): Particulars | undefined {
  return unlessEmpty({
    billingAddress: told.billingAddress && filled(told.billingAddress),
    company: told.company || undefined,
    note: told.note || undefined,
    lineNotes: lineNotesOf(lines),
  });
}

/** As a change leaves them: what it does not name stays, and lines come with their own notes. */
export function changedParticulars(
  before: Particulars = {},
  patch: PatchCheckout,
): Particulars | undefined {
  return unlessEmpty({
    billingAddress: patch.billingAddress ? filled(patch.billingAddress) : before.billingAddress,
    company: (patch.company ?? before.company) || undefined,
    note: (patch.note ?? before.note) || undefined,
    lineNotes: patch.lines ? lineNotesOf(patch.lines) : before.lineNotes,
  });
}

/** Of a SKU that was named twice no note is lost. */
function lineNotesOf(lines: readonly WantedLine[]): Particulars["lineNotes"] {
  const notes = new Map<string, string>();
  for (const { sku, note } of lines) {
    const earlier = notes.get(sku);
    if (note) notes.set(sku, earlier === undefined ? note : `${earlier}\n${note}`);
  }
  return notes.size === 0 ? undefined : Object.fromEntries(notes);
}

function unlessEmpty(particulars: Particulars): Particulars | undefined {
  const isEmpty = Object.values(particulars).every((value) => value === undefined);
  return isEmpty ? undefined : particulars;
}
