/**
 * A turn is a stretch of code between two waits. The runtime makes one durable commit of all that an object
 * writes in a turn, whichever transactions it opens meanwhile, so commits are counted by turns.
 */
let turn = 0;

export const presentTurn = () => turn;

/** Something from outside goes on: a call came in, or one that was waited for is answered. */
export function newTurn(): void {
  turn += 1;
}

/** Answers the same, and begins a turn for whoever waited. */
export async function waitedFor<T>(outcome: PromiseLike<T>): Promise<T> {
  try {
    return await outcome;
  } finally {
    newTurn();
  }
}
