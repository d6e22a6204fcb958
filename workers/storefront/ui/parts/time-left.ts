import { useEffect, useState } from "preact/hooks";

const SECOND_MS = 1_000;

/** How long it is until then, in milliseconds, told anew every second; zero from then on. */
export function useTimeLeft(until: string): number {
  const [leftMs, setLeftMs] = useState(() => leftUntil(until));
  useEffect(() => {
    setLeftMs(leftUntil(until));
    const timer = setInterval(() => setLeftMs(leftUntil(until)), SECOND_MS);
    return () => clearInterval(timer);
  }, [until]);
  return leftMs;
}

function leftUntil(until: string): number {
  return Math.max(0, Date.parse(until) - Date.now());
}

export function clockText(leftMs: number): string {
  const seconds = Math.floor(leftMs / SECOND_MS);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
