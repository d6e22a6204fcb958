import type { Answer } from "../sale/answers.ts";
import type { PatchCall, SaleDoor } from "../sale/calls.ts";
import type { Checkout } from "../sale/checkout.ts";
import { withStatus } from "../sale/checkout-changes.ts";
import { requoting } from "./requote.input.ts";
import { whyNotPatch } from "./why-not-patch.ts";

/** Changes an open checkout and quotes it anew. `idKey` keys the pseudonym of who buys from now on. */
export function patchCheckout(
  door: SaleDoor,
  call: PatchCall,
  { idKey, nowMs }: { readonly idKey: string; readonly nowMs: number },
): Promise<Answer> {
  const rule = (checkout: Checkout) => whyNotPatch(checkout, call.body, nowMs);
  return door.enter("patch", call, rule, (checkout) => {
    const run = requoting(checkout, { ...call, idKey, nowMs });
    return door.run("patch", call, run, withStatus(checkout, "processing"));
  });
}
