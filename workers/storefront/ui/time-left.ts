import { useEffect, useState } from "preact/hooks";

const SECOND_MS = 1_000;

/** Milliseconds until then, told anew each second; never below zero. */
export function useTimeLeft(expiresAt: string): number {
  const [leftMs, setLeftMs] = useState(() => leftUntil(expiresAt));
  useEffect(() => {
    setLeftMs(leftUntil(expiresAt));
    const timer = setInterval(() => setLeftMs(leftUntil(expiresAt)), SECOND_MS);
    return () => clearInterval(timer);
  }, [expiresAt]);
  return leftMs;
}

function leftUntil(expiresAt: string): number {
  return Math.max(0, Date.parse(expiresAt) - Date.now());
}

export function clockText(leftMs: number): string {
  const seconds = Math.floor(leftMs / SECOND_MS);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
