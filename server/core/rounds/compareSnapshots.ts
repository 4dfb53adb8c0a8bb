import { roundQueryName } from "./roundSnapshot";
import type { EmittedNegative, RoundQuery, RoundSnapshot, Standing } from "./roundSnapshot";

/** A query whose emitted negatives differ between two rounds. */
export interface SnapshotChange {
  /** Text key and id. */
  readonly key: string;
  readonly id: string;
  readonly added: number;
  readonly dropped: number;
}

/** One passage that either round emits. */
export interface NegativeChange {
  /** Text key. */
  readonly key: string;
  readonly change: "added" | "dropped" | "kept";
  /** Rank and score in each round, where they are known. */
  readonly rankFrom?: number;
  readonly rankTo?: number;
  readonly scoreFrom?: number;
  readonly scoreTo?: number;
  /** Why it came or went, in words; ranks and scores beside it say how far it moved. */
  readonly reason: string;
}

/** The queries that two rounds treat differently: most changes first, then in the order of the data set. A query of one round alone counts too. */
export function compareSnapshots(from: RoundSnapshot, to: RoundSnapshot): readonly SnapshotChange[] {
  const before = byName(from);
  const after = byName(to);
  const queries = [...to.queries, ...from.queries.filter((query) => !after.has(roundQueryName(query)))];
  const changes = queries.map(({ key, id }) => {
    const name = roundQueryName({ key, id });
    const [was, is] = [keysOf(before.get(name)), keysOf(after.get(name))];
    return { key, id, added: countMissing(is, was), dropped: countMissing(was, is) };
  });
  return changes.filter(({ added, dropped }) => added + dropped > 0).sort((a, b) => b.added + b.dropped - (a.added + a.dropped));
}

/**
 * What became of the negatives of one query from one round to a later one: the emitted ones in the order of the later round, then those that are
 * gone. Undefined where neither round has the query.
 */
export function compareQuery(
  from: RoundSnapshot,
  to: RoundSnapshot,
  query: Pick<RoundQuery, "key" | "id">,
): readonly NegativeChange[] | undefined {
  const [was, is] = [from, to].map(({ queries }) => queries.find((each) => roundQueryName(each) === roundQueryName(query)));
  if (was === undefined && is === undefined) return undefined;
  const before = new Map(was?.emitted.map((negative) => [negative.key, negative]));
  const emitted = (is?.emitted ?? []).map((negative) => {
    const kept = before.get(negative.key);
    return kept === undefined ? addedOf(negative, was, from.round) : keptOf(kept, negative);
  });
  const keys = keysOf(is);
  const dropped = (was?.emitted ?? []).filter(({ key }) => !keys.has(key)).map((negative) => droppedOf(negative, is, to.round));
  return [...emitted, ...dropped];
}

function keptOf(was: EmittedNegative, is: EmittedNegative): NegativeChange {
  return { key: is.key, change: "kept", ...sides(was, is), reason: "emitted in both rounds" };
}

function addedOf(negative: EmittedNegative, was: RoundQuery | undefined, round: number): NegativeChange {
  const { key } = negative;
  const gone = was?.gone.find((other) => other.key === key);
  const known = gone ?? was?.others.find((other) => other.key === key);
  if (known === undefined) {
    const reason = was === undefined ? `the query is not in round ${String(round)}` : "was not among the nearest candidates before";
    return { key, change: "added", ...sides(undefined, negative), reason };
  }
  const why = `before: ${gone?.reason ?? inWords(known.rule)}`;
  return { key, change: "added", ...sides(known, negative), reason: why };
}

function droppedOf(negative: EmittedNegative, is: RoundQuery | undefined, round: number): NegativeChange {
  const { key } = negative;
  const gone = is?.gone.find((other) => other.key === key);
  const known = gone ?? is?.others.find((other) => other.key === key);
  const unknown = is === undefined ? `the query is not in round ${String(round)}` : "not among the nearest candidates any more";
  const why = gone?.reason ?? (known === undefined ? unknown : inWords(known.rule));
  return { key, change: "dropped", ...sides(negative, known), reason: why };
}

function inWords(rule: string): string {
  return rule === "not_sampled" ? "passed the rules, but was not chosen" : `dropped by ${rule}`;
}

function sides(from: Standing | undefined, to: Standing | undefined): Omit<NegativeChange, "key" | "change" | "reason"> {
  return {
    ...(from?.rank === undefined ? {} : { rankFrom: from.rank }),
    ...(to?.rank === undefined ? {} : { rankTo: to.rank }),
    ...(from?.score === undefined ? {} : { scoreFrom: from.score }),
    ...(to?.score === undefined ? {} : { scoreTo: to.score }),
  };
}

function byName({ queries }: RoundSnapshot): ReadonlyMap<string, RoundQuery> {
  return new Map(queries.map((query) => [roundQueryName(query), query]));
}

function keysOf(query: RoundQuery | undefined): ReadonlySet<string> {
  return new Set(query?.emitted.map(({ key }) => key));
}

function countMissing(keys: ReadonlySet<string>, from: ReadonlySet<string>): number {
  let missing = 0;
  for (const key of keys) missing += Number(!from.has(key));
  return missing;
}
