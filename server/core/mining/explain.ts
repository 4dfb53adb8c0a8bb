import type { CandidateSource } from "../config/samplerSchema";
import { PINNED, ruleOf, SAMPLED, UNDECIDED } from "./candidate";
import type { Candidate, DropRule, KeepRule } from "./candidate";
import { decisionDetail } from "./decide";
import type { DecisionContext } from "./decide";
import type { Decision, DecisionDetail, SourceDecision } from "./decision";
import { diversityReason } from "./filters/diversity";
import { identityRules } from "./filters/identity";
import { isRescored } from "./filters/rule";
import type { SourceContext } from "./filters/rule";
import { reasonOf } from "./filters/rules";
import { percent } from "./numbersInWords";
import type { PoolFacts } from "./poolFacts";
import { sourceContext } from "./runSource";

/** What the words rest on: the same that the decision was made from. */
export interface Explanation {
  readonly facts: PoolFacts;
  readonly context: DecisionContext;
  readonly decision: Decision;
}

/** Every candidate of a decision with its fate in words: kept ones first, hardest first; then dropped ones by rank. */
export function explain(explanation: Explanation): readonly Candidate[] {
  const { facts, context, decision } = explanation;
  const detailed = { ...explanation, detail: decisionDetail(facts, context) };
  const ranks = facts.pool.lists.map(({ rows, ranked }) => {
    const rankOf = new Map<number, number>();
    rows.forEach((row, at) => rankOf.set(row, ranked ? at + 1 : 0));
    return rankOf;
  });
  const candidateAt = (row: number): Candidate => candidateOf(row, ranks, detailed);
  const kept = new Set(decision.kept);
  // Rows that no source has in its list are no candidates.
  const dropped = [...decision.fates.keys()].filter((row) => !kept.has(row) && decision.fates[row] !== UNDECIDED).map(candidateAt);
  return [...decision.kept.map(candidateAt), ...dropped.sort(byRank)];
}

/** As `explain`, for some rows of the pool, in their order: for callers that ask about few of many. The rows must be candidates. */
export function explainRows(explanation: Explanation, rows: readonly number[]): readonly Candidate[] {
  if (rows.length === 0) return [];
  const { facts, context } = explanation;
  const detailed = { ...explanation, detail: decisionDetail(facts, context) };
  const ranks = facts.pool.lists.map((list) => {
    const places = rows.map((row) => [row, list.rows.indexOf(row)] as const).filter(([, at]) => at !== -1);
    return new Map(places.map(([row, at]) => [row, list.ranked ? at + 1 : 0]));
  });
  return rows.map((row) => candidateOf(row, ranks, detailed));
}

interface Detailed extends Explanation {
  readonly detail: DecisionDetail;
}

type Ranks = readonly ReadonlyMap<number, number>[];

function candidateOf(row: number, ranks: Ranks, explanation: Detailed): Candidate {
  const { facts, decision, detail, context } = explanation;
  const { pool } = facts;
  const fate = decision.fates[row] ?? 0;
  const by = decision.decidedBy[row] ?? -1;
  const probability = detail.probabilities[row] ?? Number.NaN;
  const rescored = pool.rescored?.rows[row] ?? Number.NaN;
  const rank = ranks[by]?.get(row) ?? 0;
  const rule = ruleOf(fate);
  return {
    document: pool.documents[row] ?? -1,
    rank,
    score: pool.scores[row] ?? Number.NaN,
    positiveSimilarity: pool.positiveSimilarity[row] ?? Number.NaN,
    ...(Number.isNaN(rescored) ? {} : { rescored }),
    source: by === -1 ? "listed" : sourceName(by, explanation),
    sources: context.sources.flatMap((_, position) => (ranks[position]?.has(row) === true ? [sourceName(position, explanation)] : [])),
    kept: fate === PINNED || fate === SAMPLED,
    rule,
    reason: words({ row, rank, rule, by, explanation }),
    ...(Number.isNaN(probability) ? {} : { probability }),
  };
}

/** Until there are vectors, what would search by them goes by words. */
export function sourceName(position: number, { facts, context }: Pick<Explanation, "facts" | "context">): CandidateSource {
  const source = context.sources[position]?.source ?? "top";
  const isBm25 =
    facts.pool.retrieval === "lexical" && (source === "top" || source === "window" || source === "simans" || source === "hybrid");
  return isBm25 ? "bm25" : source;
}

/** Retrieved ones by rank, then those that were drawn. */
function byRank(a: Candidate, b: Candidate): number {
  const rankOf = ({ rank }: Candidate): number => (rank === 0 ? Number.MAX_SAFE_INTEGER : rank);
  return rankOf(a) - rankOf(b) || a.document - b.document;
}

interface Subject {
  readonly row: number;
  readonly rank: number;
  readonly rule: KeepRule | DropRule;
  readonly by: number;
  readonly explanation: Detailed;
}

function words(subject: Subject): string {
  const { row, rank, rule, by, explanation } = subject;
  const { facts, decision, detail, context } = explanation;
  const identity = identityRules.find((test) => test.rule === rule);
  if (identity !== undefined) {
    return identity.reason(facts.pool.documents[row] ?? -1, facts.groups[row] ?? -1, facts.identity) ?? rule;
  }
  if (rule === "pinned") return pinnedBy(row, facts);
  if (rule === "same_text") return sameTextAs(row, facts, decision);
  if (rule === "not_sampled" && facts.pinned.includes(row)) {
    const wanted = context.sources.reduce((sum, { n }) => sum + n, 0);
    return `${pinnedBy(row, facts)}, but num_negatives ${String(wanted)} is reached by harder ones`;
  }
  const source = decision.sources[by];
  const settings = context.sources[by];
  if (source === undefined || settings === undefined) {
    throw new Error(`No source decided about row ${String(row)} of query ${String(facts.pool.query)}.`);
  }
  const own = sourceContext({ facts, context, settings, position: by });
  const choice = { row, detail, source, own };
  if (rule === "sampled") return takenBecause(choice) + unaskedRules(own);
  if (rule === "not_sampled") return leftBecause(choice);
  if (rule === "diversity") return diversityReason(row, decision.kept, own);
  if (rule === "not_rescored") return `no second score: only the ${String(settings.rescore.top_n)} nearest survivors get one`;
  if (settings.range_after_filters && (rule === "range_min" || rule === "range_max")) return outsideWindow(choice, rule);
  return reasonOf(rule, row, rank, own);
}

function pinnedBy(row: number, facts: PoolFacts): string {
  const marks = facts.identity.verdicts.marksOfGroup.get(facts.groups[row] ?? -1) ?? [];
  const authors = [...new Set(marks.filter(({ verdict }) => verdict === "true_negative").map(({ author }) => author))].sort();
  return `marked true negative${authors.length === 0 ? "" : ` by ${authors.join(", ")}`}`;
}

/** Names the document with the same text that is considered instead: one that was kept, or the first that fell to another rule. */
function sameTextAs(row: number, facts: PoolFacts, decision: Decision): string {
  const group = facts.groups[row];
  const others = [...facts.groups.keys()].filter((other) => other !== row && facts.groups[other] === group);
  const considered =
    others.find((other) => decision.kept.includes(other)) ?? others.find((other) => decision.fates[other] !== decision.fates[row]);
  const { documents } = facts.identity.collection;
  return `the same text as "${documents[facts.pool.documents[considered ?? -1] ?? -1]?.id ?? ""}", which is considered once`;
}

interface ChosenRow {
  readonly row: number;
  readonly detail: DecisionDetail;
  readonly source: SourceDecision;
  readonly own: SourceContext;
}

function takenBecause(choice: ChosenRow): string {
  const { source, own } = choice;
  if (own.settings.source === "random") return "drawn evenly from the whole corpus";
  switch (drawIn(own)) {
    case "nearest":
      return `number ${placeOf(choice)} of the survivors ${order(own)}${simansNote(own)}`;
    case "even":
      return `drawn evenly from ${String(source.survived)} survivors`;
    case "simans":
      return `drawn by SimANS ${probabilityOf(choice)}`;
  }
}

function leftBecause(choice: ChosenRow): string {
  const { source, own } = choice;
  if (own.settings.source === "random") return "drawn in reserve: num_negatives is reached";
  switch (drawIn(own)) {
    case "nearest":
      return `number ${placeOf(choice)} of the survivors ${order(own)}: num_negatives is reached${simansNote(own)}`;
    case "even":
      return `not drawn from ${String(source.survived)} survivors`;
    case "simans":
      return Number.isNaN(source.simansAnchor)
        ? "SimANS draws near the positive's score, and no positive of this query has one"
        : `not drawn by SimANS ${probabilityOf(choice)}`;
  }
}

function drawIn({ settings, pool }: SourceContext): "nearest" | "even" | "simans" {
  return settings.draw === "simans" && pool.retrieval === "lexical" ? "nearest" : settings.draw;
}

function simansNote({ settings }: SourceContext): string {
  return settings.draw === "simans" ? "; SimANS needs similarities, which BM25 does not give" : "";
}

/** By what the survivors stand in order. */
function order(own: SourceContext): string {
  if (isRescored(own)) return "by second score";
  if (own.pool.retrieval === "dense" && own.settings.source === "bm25") return "by BM25 score";
  return own.pool.retrieval === "dense" && own.settings.source === "hybrid" ? "by fused rank" : "by score";
}

function placeOf({ row, detail }: ChosenRow): string {
  return String(detail.places[row] ?? 0);
}

function probabilityOf({ row, detail, source, own }: ChosenRow): string {
  const scores = isRescored(own) ? own.pool.rescored?.rows : own.pool.scores;
  const { sigma, by } = source.spread;
  const distance = ((scores?.[row] ?? Number.NaN) - source.simansAnchor) / sigma;
  const axis = {
    quartiles: " sigma",
    deviation: " sigma",
    none: " sigma",
    raw: "",
  }[by];
  const note = {
    quartiles: "",
    deviation: "; sigma from the standard deviation",
    none: "; all scores equal, sigma 1",
    raw: ", on the raw axis",
  }[by];
  const probability = percent(detail.probabilities[row] ?? 0);
  return `with probability ${probability}, at ${distance.toFixed(2)}${axis} from the positive${note}`;
}

function outsideWindow(choice: ChosenRow, rule: "range_min" | "range_max"): string {
  const { range_min, range_max } = choice.own.settings;
  const limit = rule === "range_min" ? `the first ${String(range_min)} are skipped` : `range_max is ${String(range_max)}`;
  return `number ${placeOf(choice)} of the survivors ${order(choice.own)}: ${limit}`;
}

/** Which of the rules that are switched on could not be asked. */
function unaskedRules({ pool, settings, anchor }: SourceContext): string {
  if (pool.retrieval === "lexical") {
    return "; margins and score limits do not apply to BM25 scores";
  }
  const margins = settings.absolute_margin !== null || settings.relative_margin !== null;
  return margins && Number.isNaN(anchor) ? "; margins do not apply, since no positive has a score" : "";
}
