export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/** The version whose shapes these are: the one of the `stripe` package 23.1.0. */
export const API_VERSION = "2026-10-28.endive";

/** Stripe's times are whole seconds. */
export const seconds = (ms: number): number => Math.floor(ms / 1000);
