import type { Change } from "./intent.ts";
import type { ApiError } from "./stripe-errors.ts";

/** What a transition answers: no, or the change. A decline is both: the intent changed, and the caller is told no. */
export type Transition = ApiError | (Change & { readonly declined?: ApiError });
