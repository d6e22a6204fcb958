import { retry } from "../../../durable-objects/saga/retry.ts";
import { ON_ITS_WAY_MS } from "../../../payments/adyen/reversal.ts";
import { CHECKOUT_OPEN_MS, MINUTE_MS } from "../../../schema/durations.ts";
import { idle } from "../platform/model-clock.ts";
import type { Call } from "../providers/outside.ts";
import { stands } from "../providers/provider-ledger.ts";
import type { World } from "./model-world.ts";
import { type Move, people, spend } from "./people.ts";

const SILENT_MS = retry.patiently.budgetMs + MINUTE_MS; // longer than a provider is asked before the attempt is given up
const LONG_MS = CHECKOUT_OPEN_MS + 5 * MINUTE_MS; // longer than a checkout is open, and than a shopper's page

/** What is further off does not happen to a sale: the purge, months later. */
const SOON_MS = 12 * 3_600_000;

/**
 * Everything that can happen in a state. The first is what happens when all goes well: calls answer,
 * news is told, offers end, time passes. None is left when the sale is at rest.
 */
export function movesOf(world: World): readonly Move[] {
  const live = world.outside.calls.filter(({ listener }) => listener);
  const late = world.outside.calls.filter(({ listener }) => !listener);
  const pages = live.length === 0 ? offers(world) : [];
  const stirs = live.length + world.outside.news.length + pages.length > 0;
  const isQuiet = !stirs && late.length === 0;
  return [
    ...live.map((call) => answered(world, call)),
    ...late.map((call) => arrives(world, call)),
    ...news(world),
    ...pages,
    ...(isQuiet ? time(world) : []),
    ...[
      ...(!stirs && !isQuiet && late.every((call) => isLost(world, call)) ? time(world) : []),
      ...(live.length === 0 && !isQuiet ? delays(world) : []),
      ...live.flatMap((call) => [...noes(world, call), ...faults(world, call)]),
      ...repeats(world),
      ...people(world),
      ...crash(world, live.length > 0),
    ].map((move) => ({ ...move, isOptional: true as const })),
  ];
}

function answered({ outside }: World, call: Call): Move {
  const make = () => outside.end(call, call.answer ?? { value: call.done() });
  return { name: `${call.name}: answers`, make };
}

/** It may still arrive, but nobody waits for it. */
function isLost({ clock }: World, { sentAtMs }: Call): boolean {
  return clock.nowMs - sentAtMs > ON_ITS_WAY_MS;
}

function arrives(world: World, call: Call): Move {
  const { outside } = world;
  const make = () => {
    const before = outside.ledger.entries.filter(stands);
    call.done();
    const isLate = isLost(world, call);
    for (const entry of outside.ledger.entries) {
      if (isLate && stands(entry) && !before.includes(entry)) entry.isLate = true;
    }
    outside.end(call, { value: undefined });
  };
  return { name: `${call.name}: arrives late`, make };
}

function news(world: World): readonly Move[] {
  const { outside, left } = world;
  const fresh = outside.news.flatMap((each) =>
    Object.entries(each.ways()).flatMap(([way, notice], nth) => {
      if (nth > 0 && left.noes === 0) return [];
      const make = () => {
        if (nth > 0) spend(world, "noes");
        outside.forget(each);
        world.receive(notice());
      };
      return [{ name: `${each.name}: ${way}`, make }];
    }),
  );
  return fresh.toSorted(byQuiet);
}

/** The latest notice comes once more. */
function repeats(world: World): readonly Move[] {
  const { told, left } = world;
  if (!told || left.troubles === 0) return [];
  const make = () => {
    spend(world, "troubles");
    world.receive(told);
  };
  return [{ name: `${told.noticeId}: again`, make }];
}

/** A bank's no is never what happens when all goes well, where it could say yes. */
function byQuiet(a: Move, b: Move): number {
  return Number(a.name.endsWith("refused")) - Number(b.name.endsWith("refused"));
}

/** The end of a page that nobody paid; only Adyen tells of it. */
function offers(world: World): readonly Move[] {
  const { adyen, awaiting } = world;
  return awaiting
    .filter(({ provider, method }) => provider === "adyen" && method !== "card")
    .map((entry) => ({
      name: `adyen: offer ${entry.reference} closes`,
      make: () => adyen.offerCloses(entry),
    }));
}

/** One timer on. */
function time({ clock }: World): readonly Move[] {
  const { nextMs } = clock;
  if (nextMs === undefined || nextMs - clock.nowMs > SOON_MS) return [];
  return [{ name: "time passes", make: () => clock.tick() }];
}

/** What is on its way takes its time: until the next timer, or for long. */
function delays(world: World): readonly Move[] {
  if (world.left.troubles === 0) return [];
  const delayed = (name: string, pass: () => void | Promise<void>): Move => ({
    name,
    make: () => {
      spend(world, "troubles");
      return pass();
    },
  });
  const long = () => world.clock.jump(LONG_MS);
  return [
    ...time(world).map(({ make }) => delayed("time passes before it comes", make)),
    delayed("the checkout's time passes before it comes", long),
  ];
}

function noes(world: World, call: Call): readonly Move[] {
  if (world.left.noes === 0 || call.answer) return [];
  return Object.entries(call.noes?.() ?? {}).map(([name, no]) => ({
    name: `${call.name}: ${name}`,
    make: () => {
      spend(world, "noes");
      world.outside.end(call, { value: no() });
    },
  }));
}

function faults(world: World, call: Call): readonly Move[] {
  const { outside, clock, left } = world;
  if (left.troubles === 0) return [];
  const lost = () => {
    spend(world, "troubles");
    outside.end(call, { fault: "connection refused" });
  };
  const move = { name: `${call.name}: is lost`, make: lost };
  if (call.reads) return [move];
  const takesEffect = () => {
    spend(world, "troubles");
    call.answer = { value: call.done() };
  };
  const hangs = async () => {
    spend(world, "troubles");
    for (; call.listener && outside.calls.includes(call); await idle()) clock.tick();
  };
  const silent = async () => {
    await hangs();
    clock.jump(SILENT_MS);
  };
  const others = [
    { name: `${call.name}: hangs`, make: hangs },
    { name: `${call.name}: hangs, and is silent for long`, make: silent },
  ];
  if (call.answer) return others;
  return [move, { name: `${call.name}: takes effect`, make: takesEffect }, ...others];
}

function crash(world: World, isOut: boolean): readonly Move[] {
  const { crashes, troubles } = world.left;
  if (crashes === 0 || troubles === 0 || (!isOut && world.runs.every(({ ended }) => ended)))
    return [];
  const make = () => {
    spend(world, "crashes");
    spend(world, "troubles");
    world.crash();
  };
  return [{ name: "crash", make }];
}
