import { expect, expectTypeOf, test } from "vitest";
import type { Refusal } from "../../schema/outcome.ts";
import { Saga } from "./saga.ts";

// What must not compile stands under a `@ts-expect-error`: tsc fails when it does compile. Chains
// that the types refuse are built inside of functions that nothing calls.

type Input = { readonly room: string };
type Deps = { book(room: string): Promise<{ readonly number: number } | Refusal<"full">> };
type Events = { "guest.arrived": { readonly atMs: number } };
type Tx = { write(line: string): void };

const undo = async () => undefined;
const stay = () => Saga.named<Input, Deps, Events, Tx>("stay");
const booked = () => stay().step("book", { do: ({ deps, input }) => deps.book(input.room), undo });
const left = () => booked().pivot("leave", { commit: ({ tx }) => tx.write("left") });

test("a saga is its table of steps", () => {
  const saga = left().step("clean", { do: async () => "clean" });

  expect(saga.steps.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "step book",
    "pivot leave",
    "step clean",
  ]);
});

test("a step's value flows to the later steps, without its refusals", () => {
  booked()
    .step("greet", {
      do: async ({ done, input }) => {
        expectTypeOf(done.book).toEqualTypeOf<{ readonly number: number }>();
        expectTypeOf(input).toEqualTypeOf<Input>();
        return done.book.number;
      },
      undo: async ({ value, done }) => {
        expectTypeOf(value).toEqualTypeOf<number | undefined>();
        // What an undo finds done depends on how far the run came.
        expectTypeOf(done.book).toEqualTypeOf<{ readonly number: number } | undefined>();
      },
      commit: ({ value, done }) => {
        expectTypeOf(value).toEqualTypeOf<number>();
        expectTypeOf(done.book.number).toEqualTypeOf<number>();
      },
    })
    .pivot("leave", {
      commit: ({ done }) => {
        expectTypeOf(done.greet).toEqualTypeOf<number>();
      },
    })
    .step("clean", { do: async ({ done }) => String(done.greet) })
    .step("file", {
      commit: ({ done }) => {
        expectTypeOf(done.clean).toEqualTypeOf<string>();
      },
    });
});

test("an event's payload flows to the later steps, for the wait may have been skipped", () => {
  booked()
    .waitFor("arrival", "guest.arrived", {
      from: "book",
      commit: ({ value }) => {
        expectTypeOf(value.atMs).toEqualTypeOf<number>();
      },
    })
    .pivot("leave", {
      commit: ({ done }) => {
        expectTypeOf(done.arrival).toEqualTypeOf<{ readonly atMs: number } | undefined>();
      },
    });
});

test("the option that won gives the value of its step", () => {
  stay()
    .firstOf(
      "taxi",
      () => ["blue", "green"] as const,
      (company) => {
        expectTypeOf(company).toEqualTypeOf<"blue" | "green">();
        return { do: async () => ({ company }), undo };
      },
    )
    .pivot("leave", {
      commit: ({ done }) => {
        expectTypeOf(done.taxi).toEqualTypeOf<{ company: "blue" | "green" }>();
      },
    });
});

test("the value of a step that may be skipped has to be checked", () => {
  booked()
    .step("breakfast", { unless: () => true, do: async () => ({ eggs: 2 }), undo: "nothing" })
    .pivot("leave", {
      commit: ({ done }) => {
        expectTypeOf(done.breakfast).toEqualTypeOf<{ eggs: number } | undefined>();
        // @ts-expect-error nobody knows whether there was a breakfast
        expect(() => done.breakfast.eggs).toBeTypeOf("function");
      },
    });
});

test("a step above the pivot without undo does not compile", () => {
  // @ts-expect-error a step that changes the world says how it is taken back
  booked().step("towel", { do: async () => "towel" });
});

test("an option without undo does not compile", () => {
  const options = () => ["blue"] as const;
  // @ts-expect-error an option that changes the world says how it is taken back
  stay().firstOf("taxi", options, () => ({ do: async () => "taxi" }));
});

test("a step that only reads has nothing to undo", () => {
  booked().step("price", { reads: true, do: async () => 100 });
  // @ts-expect-error what only reads leaves nothing to undo
  booked().step("cost", { reads: true, do: async () => 100, undo });
  // @ts-expect-error and writes nothing
  booked().step("tax", { reads: true, do: async () => 100, commit: () => undefined });
});

test("an undo below the pivot does not compile", () => {
  // @ts-expect-error below the pivot there is no way back
  left().step("clean", { do: async () => "clean", undo });
});

test("a refusal below the pivot does not compile", () => {
  const dirty = async (): Promise<"clean" | Refusal<"dirty">> => ({ refused: "dirty" });
  // @ts-expect-error a definite no is a value here
  left().step("clean", { do: dirty });
});

test("an option or a wait below the pivot does not compile", () => {
  // @ts-expect-error what may fail stands above the pivot
  const options = () => left().firstOf("taxi", () => ["blue"], undefined);
  // @ts-expect-error nobody is waited for below the pivot
  const wait = () => left().waitFor("arrival", "guest.arrived", { from: "book" });
  expect([options, wait]).toHaveLength(2);
});

test("a pivot calls nothing outside, and there is one", () => {
  // @ts-expect-error the pivot is local: a call's outcome may be unknown
  const calling = () => booked().pivot("leave", { do: async () => 1, commit: () => undefined });
  // @ts-expect-error a saga has one point of no return
  const second = () => left().pivot("again", { commit: () => undefined });
  expect([calling, second]).toHaveLength(2);
});

test("a step name used twice neither compiles nor runs", () => {
  // @ts-expect-error a step's name is its journal entry
  const twice = () => booked().step("book", { do: async () => 1, undo });
  // @ts-expect-error nor may a forward step take it
  const below = () => left().step("book", { do: async () => 1 });

  // @ts-expect-error nor the pivot's
  const pivot = () => left().step("leave", { do: async () => 1 });

  expect(twice).toThrow("stay has one step book");
  expect(pivot).toThrow("stay has one step leave");
  expect(below).toThrow("stay has one step book");
});

test("a wait for a step that there is not does not compile", () => {
  // @ts-expect-error nothing above is called "taxi"
  booked().waitFor("arrival", "guest.arrived", { from: "taxi" });
});

test("a wait for an event that nobody sends does not compile", () => {
  // @ts-expect-error the saga's events are named by its type
  booked().waitFor("arrival", "guest.vanished", { from: "book" });
});

test("a commit is synchronous: it runs inside the transaction", () => {
  booked().step("greet", {
    do: async () => "hello",
    undo: "nothing",
    // @ts-expect-error a promise would end after the transaction
    commit: async ({ tx, value }) => tx.write(value),
  });
});

test("a step that lapses or is written ahead has an undo, and the two words do not go together", () => {
  const book = async () => "booked";
  booked().step("table", { do: book, undo, lapses: true });
  booked().step("taxi", { do: book, undo, ahead: true });
  // @ts-expect-error a fault or a refusal of it is undone
  booked().step("stool", { do: book, undo: "nothing", lapses: true });
  // @ts-expect-error what may have left has to be taken back
  booked().step("bike", { do: book, undo: "nothing", ahead: true });
  // @ts-expect-error before anything is written there is no intent to write it with
  booked().step("boat", { do: book, undo, lapses: true, ahead: true });
  // @ts-expect-error what only reads has no intent
  booked().step("menu", { do: book, reads: true, lapses: true });
  // @ts-expect-error below the pivot nothing is undone
  left().step("bill", { do: book, lapses: true });
  // @ts-expect-error nor may it leave before the pivot is known
  left().step("tip", { do: book, ahead: true });
});

test("a step that lapses is not told how often it was made, nor since when", () => {
  booked().step("table", {
    lapses: true,
    undo,
    do: async (call) => {
      expectTypeOf(call.key).toEqualTypeOf<string>();
      // @ts-expect-error after a crash nobody knows that there was a first attempt
      expect(call.attempt).toBe(1);
      // @ts-expect-error nor when it was made
      return [call.sinceMs];
    },
  });
});

test("a step that is written ahead is the same whatever came before it, and always comes", () => {
  booked().step("taxi", {
    ahead: true,
    undo,
    // @ts-expect-error which option won may not change it
    do: async ({ done }) => done,
  });
  // @ts-expect-error whether it is needed may not depend on what is not known yet
  booked().step("bike", { ahead: true, unless: () => true, do: async () => "bike", undo });
  const options = () => ["blue"] as const;
  // @ts-expect-error an option is not known before the one ahead of it has said no
  stay().firstOf("taxi", options, () => ({ do: async () => "taxi", undo, ahead: true }));
});
