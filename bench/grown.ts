import type { Side } from "./sides.ts";
export async function fill(_side: Side, _say: (what: string) => void): Promise<void> {}
