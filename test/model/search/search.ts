import { assert } from "../../../schema/outcome.ts";
import type { Build } from "../platform/build.ts";
import { idle } from "../platform/model-clock.ts";
import type { Bounds } from "../sales/bounds.ts";
import { canonical } from "./canonical.ts";
import { wrongAtRest, wrongNow } from "./invariants.ts";
import { World } from "./model-world.ts";
import { movesOf } from "./moves.ts";
import type { Move } from "./people.ts";

/** A state in which something is wrong, and how it came to it. */
export type Finding = { readonly wrong: readonly string[]; readonly path: readonly string[] };

export type Searched = {
  readonly states: number;
  readonly moves: number;
  /** States in which nothing can happen any more. */
  readonly rests: number;
  readonly findings: readonly Finding[];
};

type Path = readonly string[];
type Graph = {
  /** Of each state, the one that follows when all goes well; itself at rest. */
  readonly quiet: Map<string, string>;
  readonly open: Path[];
  readonly findings: Finding[];
  moves: number;
  rests: number;
};

const IDLE_MAX = 100;
const LENGTH_MAX = 1_000;
const STATES_MAX = 100_000;

/**
 * Visits every state that the bounds leave: each is reached by replaying the real product from the
 * start, and named by `canonical`. From each, everything that can happen is tried; and what happens
 * when all goes well has to lead to a state at rest in which all is well.
 */
export async function search(build: Build, bounds: Bounds): Promise<Searched> {
  const graph: Graph = { quiet: new Map(), open: [[]], findings: [], moves: 0, rests: 0 };
  for (let path = graph.open.pop(); path; path = graph.open.pop()) {
    await explore(build, bounds, graph, path);
    if (graph.findings.length > 0) break;
    assert(graph.quiet.size < STATES_MAX, "the bounds keep the search small");
  }
  if (graph.findings.length === 0) graph.findings.push(...restless(graph));
  const { quiet, moves, rests, findings } = graph;
  return { states: quiet.size, moves, rests, findings };
}

/** Plays one path and lets all go well from there; answers what is wrong on the way or at its end. */
export async function played(build: Build, bounds: Bounds, path: Path): Promise<readonly string[]> {
  const graph: Graph = { quiet: new Map(), open: [], findings: [], moves: 0, rests: 0 };
  await explore(build, bounds, graph, path);
  return graph.findings.flatMap(({ wrong }) => wrong);
}

/** Replays a path, and goes on from its end as if all went well until a state is known. */
async function explore(build: Build, bounds: Bounds, graph: Graph, path: Path): Promise<void> {
  const world = await replayed(build, bounds, path);
  graph.moves += 1;
  let trail = path;
  let before: string | undefined;
  const walked = new Set<string>();
  while (trail.length < LENGTH_MAX) {
    const state = canonical(world);
    if (before !== undefined) graph.quiet.set(before, state);
    if (graph.quiet.has(state) && !walked.has(state)) return;
    graph.quiet.set(state, state);
    const moves = movesOf(world);
    const [well, ...others] = moves;
    const wrong = [...wrongNow(world), ...(isQuiet(well) ? [] : wrongAtRest(world))];
    if (wrong.length > 0) {
      graph.findings.push({ wrong, path: trail });
      return;
    }
    const open = isQuiet(well) ? others : moves;
    // Seen on this very walk: only time has moved on, which a state's name does not tell.
    if (!walked.has(state)) for (const { name } of open) graph.open.push([...trail, name]);
    walked.add(state);
    if (!isQuiet(well)) {
      graph.rests += 1;
      return;
    }
    trail = [...trail, ...(await went(world, well, state))];
    graph.moves += 1;
    before = state;
  }
  graph.findings.push({ wrong: ["all goes well, and it never comes to rest"], path: trail });
}

/** What people do, and crashes, are not what has to happen. */
function isQuiet(move: Move | undefined): move is Move {
  return move !== undefined && !move.isOptional;
}

async function replayed(build: Build, bounds: Bounds, path: Path): Promise<World> {
  const world = new World(build, bounds);
  await world.open();
  for (const name of path) {
    const move = movesOf(world).find((each) => each.name === name);
    if (!move) throw new Error(`"${name}" cannot be replayed in ${path.join(" | ")}`);
    await make(move);
  }
  return world;
}

/** Makes a move until something has come of it: an alarm may ring for nothing. */
async function went(world: World, move: Move, before: string): Promise<Path> {
  const path: string[] = [];
  for (let next: Move | undefined = move; next?.name === move.name; [next] = movesOf(world)) {
    await make(next);
    path.push(next.name);
    if (canonical(world) !== before) return path;
    assert(path.length < IDLE_MAX, `something comes of it when ${move.name}`);
  }
  return path;
}

async function make(move: Move): Promise<void> {
  await move.make();
  await idle();
}

/** States from which all can go well for ever without an end. */
function restless({ quiet }: Graph): readonly Finding[] {
  const resting = new Set<string>();
  for (const start of quiet.keys()) {
    const walked = new Set<string>();
    let state = start;
    while (!resting.has(state) && !walked.has(state)) {
      walked.add(state);
      state = quiet.get(state) ?? state;
    }
    const isAtRest = resting.has(state) || quiet.get(state) === state;
    if (!isAtRest) return [{ wrong: ["all goes well, and it never comes to rest"], path: [] }];
    for (const each of walked) resting.add(each);
  }
  return [];
}
