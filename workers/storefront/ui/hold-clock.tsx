import { useEffect, useState } from "preact/hooks";

const SECOND_MS = 1_000;
const HURRY_MS = 120_000; // then the clock changes its colour

/** How long the things stay set aside. Ticks in silence: a screen reader hears the first time only. */
export function HoldClock({ expiresAt }: { readonly expiresAt: string }) {
  const [leftMs, setLeftMs] = useState(() => leftUntil(expiresAt));
  useEffect(() => {
    setLeftMs(leftUntil(expiresAt));
    const timer = setInterval(() => setLeftMs(leftUntil(expiresAt)), SECOND_MS);
    return () => clearInterval(timer);
  }, [expiresAt]);
  return (
    <p class={leftMs < HURRY_MS ? "hold hurry" : "hold"}>
      Your things are set aside for <time role="timer">{clockText(leftMs)}</time>
    </p>
  );
}

function leftUntil(expiresAt: string): number {
  return Math.max(0, Date.parse(expiresAt) - Date.now());
}

function clockText(leftMs: number): string {
  const seconds = Math.floor(leftMs / SECOND_MS);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
