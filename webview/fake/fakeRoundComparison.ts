import type { Outcome } from "#protocol/outcome";
import type { CompareRoundsParams, RoundChange, RoundComparison } from "#protocol/training";
import type { FakeQuery } from "./passages";

/** What two rounds made of the scripted queries. */
export function compareFake(queries: readonly FakeQuery[], { run, from, to, query }: CompareRoundsParams): Outcome<RoundComparison> {
  const changed = queries.flatMap(({ text, candidates }, index) => {
    const changes = candidates.map((_, i) => changeOf(i));
    const [added, dropped] = ["added", "dropped"].map((kind) => changes.filter((change) => change === kind).length);
    return (added ?? 0) + (dropped ?? 0) === 0 ? [] : [{ query: index, text, added: added ?? 0, dropped: dropped ?? 0 }];
  });
  const shown = changed.find((each) => each.query === query) ?? changed[0];
  const changes =
    shown === undefined
      ? []
      : (queries[shown.query]?.candidates ?? []).map((text, i) => changeView(`${queries[shown.query]?.id ?? ""}/n${String(i)}`, text, i));
  return {
    ok: true,
    value: { run, from, to, changed, changedQueries: changed.length, ...(shown === undefined ? {} : { query: { ...shown, changes } }) },
  };
}

function changeOf(i: number): RoundChange["change"] {
  return i % 4 === 0 ? "added" : i % 4 === 1 ? "dropped" : "kept";
}

function changeView(key: string, text: string, i: number): RoundChange {
  const change = changeOf(i);
  const reasons = {
    added: "The adapter brings it nearer to the query: it came within the 30 nearest.",
    dropped: "It is now within the relative margin of the lowest positive.",
    kept: "Emitted in both rounds.",
  } as const;
  return {
    key,
    id: key,
    text,
    change,
    ...(change === "added" ? { rankTo: i + 1 } : { rankFrom: i + 2, rankTo: i + 1 }),
    ...(change === "added" ? { scoreTo: 0.71 - 0.01 * i } : { scoreFrom: 0.68 - 0.01 * i, scoreTo: 0.7 - 0.01 * i }),
    reason: reasons[change],
    ...(i === 1 ? { verdict: "true_negative" } : {}),
  };
}
