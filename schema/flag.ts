import * as z from "zod";

/**
 * The flags that are on for one sale, each with its variant's name where it has one. What is not
 * named is off. They are decided with the first quote and stay with the sale (decision 20).
 */
export const SaleFlags = z.record(z.string(), z.union([z.boolean(), z.string()]));
export type SaleFlags = Readonly<z.infer<typeof SaleFlags>>;

/** Whether `name`, or `name=variant`, is what the sale sees. */
export function isOn(flags: SaleFlags, wanted: string): boolean {
  const [name = "", variant] = wanted.split("=");
  const seen = flags[name];
  if (variant === undefined) return seen !== undefined && seen !== false;
  return seen === variant;
}
