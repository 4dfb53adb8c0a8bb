import type { LaneCard } from "#protocol/curation";
import type { CandidateView, PassageView, QueryView } from "#protocol/review";
import { curationStrings } from "../curationStrings";

export type Section = "kept" | "dropped";

export interface CardRow {
  readonly kind: "card";
  /** The passage's key; numbered where one list has it twice. */
  readonly id: string;
  readonly section: Section;
  /** Position in its section, from 1. */
  readonly position: number;
  readonly candidate: CandidateView;
}

export interface HeadingRow {
  readonly kind: "heading";
  readonly id: string;
  readonly level: 3 | 4;
  /** The rule that dropped the cards below; absent for the heading over all of them. */
  readonly rule?: string;
  readonly n: number;
}

export interface EndRow {
  readonly kind: "end";
  readonly id: "end";
}

export type Row = CardRow | HeadingRow | EndRow;

/** The list as it is drawn: kept cards, a closing row, and where they are wanted the dropped ones under the rule that dropped them. */
export function rowsOf(view: QueryView, showDropped: boolean): readonly Row[] {
  const seen = new Map<string, number>();
  const card =
    (section: Section) =>
    (candidate: CandidateView, index: number): CardRow => {
      const nth = seen.get(candidate.key) ?? 0;
      seen.set(candidate.key, nth + 1);
      return { kind: "card", id: nth === 0 ? candidate.key : `${candidate.key}#${String(nth)}`, section, position: index + 1, candidate };
    };
  const kept: readonly Row[] = view.candidates.map(card("kept"));
  const rows = [...kept, { kind: "end", id: "end" } as const];
  if (!showDropped || view.dropped.length === 0) return rows;
  const heading: HeadingRow = { kind: "heading", id: "heading", level: 3, n: view.dropped.length };
  return [...rows, heading, ...groups(view.dropped.map(card("dropped")))];
}

/** The one card of a lane; none where the pair is not among the candidates of the query, or there is no pair. */
export function laneRows(view: QueryView, card: LaneCard | undefined): readonly Row[] {
  if (card === undefined || card.query !== view.key) return [];
  const of = (section: Section, candidates: readonly CandidateView[]): readonly CardRow[] => {
    const candidate = candidates.find(({ key }) => key === card.document);
    // Named by query and passage: the same passage may come again for another query, and a key pressed ahead must not reach it.
    return candidate === undefined ? [] : [{ kind: "card", id: `${card.document} for ${card.query}`, section, position: 1, candidate }];
  };
  const unfound = card.passage === undefined ? [] : of("dropped", [unfoundCandidate(card.passage)]);
  return [...of("kept", view.candidates), ...of("dropped", view.dropped), ...unfound].slice(0, 1);
}

/** A passage that no source finds for the query any more: it has a text and nothing else. */
function unfoundCandidate(passage: PassageView): CandidateView {
  const nothing = { rank: 0, source: "", sources: [], listed: false, otherUses: 0 };
  return { ...passage, ...nothing, kept: false, rule: "unfound", reason: curationStrings.unfound };
}

/** Counts of the dropped candidates by rule, in the order in which the rules first appear. */
export function droppedByRule(view: QueryView): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { rule } of view.dropped) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}

/** Number of kept candidates without a verdict. */
export function openCount(view: QueryView): number {
  return view.candidates.filter((candidate) => candidate.verdict === undefined).length;
}

export function findCard(rows: readonly Row[], id: string | undefined): CardRow | undefined {
  const row = rows.find((candidate) => candidate.id === id);
  return row?.kind === "card" ? row : undefined;
}

/** The card that a query opens on: the first without a verdict, else the first. */
export function firstCard(rows: readonly Row[]): string | undefined {
  return (rows.find((row) => isOpen(row) && row.section === "kept") ?? rows.find((row) => row.kind === "card" && row.section === "kept"))
    ?.id;
}

/** The card above or below another; the same one at the ends. */
export function neighbour(rows: readonly Row[], id: string | undefined, step: 1 | -1): string | undefined {
  const cards = rows.filter((row) => row.kind === "card");
  const at = cards.findIndex((row) => row.id === id);
  if (at === -1) return (step === 1 ? cards[0] : cards.at(-1))?.id;
  return cards[Math.min(cards.length - 1, Math.max(0, at + step))]?.id;
}

/**
 * The card to judge after another one, in the same section: the next without a verdict, or from the top where none is below. `judged`
 * names cards whose verdicts are on their way. Undefined where every card has its verdict.
 */
export function nextOpen(rows: readonly Row[], id: string, judged: ReadonlySet<string>): string | undefined {
  const from = findCard(rows, id);
  if (from === undefined) return undefined;
  const open = rows.filter((row) => isOpen(row) && row.section === from.section && row.id !== id && !judged.has(row.id));
  const below = open.find((row) => (row as CardRow).position > from.position);
  return (below ?? (from.section === "kept" ? open[0] : undefined))?.id;
}

/**
 * Where the person is after the list has changed from `before` to `after`: on the wanted card where it is still there, else on the card
 * that has come to its place.
 */
export function settle(before: readonly Row[], after: readonly Row[], wanted: string | undefined): string | undefined {
  if (findCard(after, wanted) !== undefined) return wanted;
  const at = before.findIndex((row) => row.id === wanted);
  const ids = new Set(after.map((row) => row.id));
  const follower = before
    .slice(at + 1)
    .find((row) => row.kind === "card" && ids.has(row.id) && findCard(after, row.id)?.section === "kept");
  return at === -1 ? firstCard(after) : (follower?.id ?? lastKept(after));
}

function lastKept(rows: readonly Row[]): string | undefined {
  return rows.findLast((row) => row.kind === "card" && row.section === "kept")?.id;
}

function isOpen(row: Row): row is CardRow {
  return row.kind === "card" && row.candidate.verdict === undefined;
}

function groups(cards: readonly CardRow[]): readonly Row[] {
  const rules = [...new Set(cards.map((card) => card.candidate.rule))];
  return rules.flatMap((rule): readonly Row[] => {
    const members = cards.filter((card) => card.candidate.rule === rule);
    return [{ kind: "heading", id: `rule ${rule}`, level: 4, rule, n: members.length }, ...members];
  });
}
