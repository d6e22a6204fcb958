/** Ends the process when it is told to, after what it starts has stopped. Also while it starts: nothing half up is left behind. */
export function stopOnSignal(starting: Promise<{ stop(): Promise<void> }>): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      starting
        .then(({ stop }) => stop())
        .catch(() => undefined)
        .finally(() => process.exit(0));
    });
  }
}
