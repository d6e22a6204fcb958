/** Numbers in [0, 1), the same series for the same seed: what a run did can be done again. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    // Mulberry32. Source: https://github.com/bryc/code/blob/master/jshash/PRNGs.md
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: () => number, list: readonly [T, ...T[]]): T {
  return list[Math.floor(random() * list.length)] ?? list[0];
}
