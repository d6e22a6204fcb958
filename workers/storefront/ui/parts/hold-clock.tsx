import { clockText, useTimeLeft } from "./time-left.ts";

const HURRY_MS = 120_000; // then the clock changes its colour

/** How long the things stay set aside. Ticks in silence: a screen reader hears the first time only. */
export function HoldClock({ expiresAt }: { readonly expiresAt: string }) {
  const leftMs = useTimeLeft(expiresAt);
  return (
    <p class={leftMs < HURRY_MS ? "hold hurry" : "hold"}>
      Your things are set aside for <time role="timer">{clockText(leftMs)}</time>
    </p>
  );
}
