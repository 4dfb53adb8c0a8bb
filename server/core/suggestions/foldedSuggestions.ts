import type { PairOpinion, QueryAttribution, Suggestions } from "./pairOpinion";
import type { AttributionSuggestion, JudgementSuggestion, Suggestion } from "./suggestion";
import { byTime, distinctByTime, timed } from "./suggestionOrder";
import type { TimedSuggestion } from "./suggestionOrder";

/** What the suggestions on one query come to. */
interface QueryFold {
  readonly opinions: ReadonlyMap<string, PairOpinion>;
  /** The judgement whose word on the query and its positives holds. */
  readonly judgement: JudgementSuggestion | undefined;
  readonly attribution: QueryAttribution | undefined;
}

/** What all is answered from. Never changes, but for what is remembered of it. */
interface State {
  readonly inOrder: readonly TimedSuggestion[];
  readonly names: ReadonlySet<string>;
  readonly byQuery: ReadonlyMap<string, readonly Suggestion[]>;
  readonly totals: Suggestions["totals"];
  /** By the key of the query, made when first asked for: a project can have thousands. */
  readonly folds: Map<string, QueryFold>;
}

/**
 * All suggestions of a project, folded. On one pair a confirming model's word goes before a first look, and within a stage the later before the
 * earlier; what is said of the query and its positives is the last such judgement's. The order of lines and files changes nothing, and a
 * suggestion that is there twice counts once. Never changes: `with` makes another one.
 */
export class FoldedSuggestions implements Suggestions {
  #state: State;

  constructor(suggestions: readonly Suggestion[]) {
    this.#state = appended(nothing, distinctByTime(suggestions.map(timed)));
  }

  get totals(): Suggestions["totals"] {
    return this.#state.totals;
  }

  get queries(): readonly string[] {
    return [...this.#state.byQuery.keys()];
  }

  /** What all of these and some more come to. What is known of a query stays the same object where nothing is said of it. */
  with(more: readonly Suggestion[]): FoldedSuggestions {
    const made = new FoldedSuggestions([]);
    const { inOrder, names, byQuery, folds } = this.#state;
    const added = distinctByTime(more.map(timed));
    const last = inOrder.at(-1);
    // As a run adds them, one by one: all are later than what is there.
    const isLater = added.every((one) => !names.has(one.suggestion.suggestion) && (last === undefined || byTime(last, one) < 0));
    const state = isLater ? appended(this.#state, added) : appended(nothing, distinctByTime([...inOrder, ...added]));
    // A new suggestion can take the name from one of another query.
    for (const [query, fold] of folds) if (isSame(byQuery.get(query), state.byQuery.get(query))) state.folds.set(query, fold);
    made.#state = state;
    return made;
  }

  opinionOf(query: string, document: string): PairOpinion | undefined {
    return this.#fold(query)?.opinions.get(document);
  }

  opinionsOf(query: string): ReadonlyMap<string, PairOpinion> {
    return this.#fold(query)?.opinions ?? noOpinions;
  }

  ambiguityOf(query: string): string | undefined {
    return this.#fold(query)?.judgement?.query_finding?.reason;
  }

  wrongPositive(query: string, document: string): string | undefined {
    return this.#fold(query)?.judgement?.wrong_positives?.find((positive) => positive.document.key === document)?.reason;
  }

  attributionOf(query: string): QueryAttribution | undefined {
    return this.#fold(query)?.attribution;
  }

  #fold(query: string): QueryFold | undefined {
    const { folds, byQuery } = this.#state;
    const known = folds.get(query);
    const suggestions = known === undefined ? byQuery.get(query) : undefined;
    if (suggestions === undefined) return known;
    const made = foldQuery(suggestions);
    folds.set(query, made);
    return made;
  }
}

const nothing: State = {
  inOrder: [],
  names: new Set(),
  byQuery: new Map(),
  totals: { suggestions: 0, inputTokens: 0, outputTokens: 0, cost: undefined },
  folds: new Map(),
};

/** @param more with new names, later than what is there, in order of time: sums of floating-point numbers depend on their order */
function appended(state: State, more: readonly TimedSuggestion[]): State {
  const names = new Set(state.names);
  const byQuery = new Map(state.byQuery);
  const totals = { ...state.totals };
  const fresh = new Map<string, Suggestion[]>();
  for (const { suggestion } of more) {
    const { query, input_tokens: inputTokens, output_tokens: outputTokens, cost } = suggestion;
    names.add(suggestion.suggestion);
    const ofQuery = fresh.get(query.key) ?? [...(state.byQuery.get(query.key) ?? [])];
    ofQuery.push(suggestion);
    fresh.set(query.key, ofQuery);
    byQuery.set(query.key, ofQuery);
    totals.suggestions += 1;
    totals.inputTokens += inputTokens;
    totals.outputTokens += outputTokens;
    if (cost !== undefined) totals.cost = (totals.cost ?? 0) + cost;
  }
  return { inOrder: [...state.inOrder, ...more], names, byQuery, totals, folds: new Map() };
}

function isSame(one: readonly Suggestion[] = [], other: readonly Suggestion[] = []): boolean {
  return one === other || (one.length === other.length && one.every((suggestion, at) => suggestion === other[at]));
}

const noOpinions: ReadonlyMap<string, PairOpinion> = new Map();

/** @param suggestions on one query, in order of time */
function foldQuery(suggestions: readonly Suggestion[]): QueryFold {
  const opinions = new Map<string, PairOpinion>();
  let judgement: JudgementSuggestion | undefined;
  let attribution: QueryAttribution | undefined;
  for (const suggestion of suggestions) {
    if (suggestion.kind === "attribution") {
      attribution = attributionIn(suggestion);
      continue;
    }
    const { model, time, stage, verdicts } = suggestion;
    if (takesPlaceOf(judgement, stage)) judgement = suggestion;
    for (const { document, verdict, reason, span } of verdicts) {
      if (!takesPlaceOf(opinions.get(document.key), stage)) continue;
      opinions.set(document.key, { verdict, reason, model, stage, time, ...(span === undefined ? {} : { span }) });
    }
  }
  return { opinions, judgement, attribution };
}

/** Whether a later word of a stage takes the place of an earlier one. */
function takesPlaceOf(earlier: { readonly stage: PairOpinion["stage"] } | undefined, stage: PairOpinion["stage"]): boolean {
  return earlier?.stage !== "confirm" || stage === "confirm";
}

function attributionIn({ answer, passages, model, time }: AttributionSuggestion): QueryAttribution {
  return { answer, weights: new Map(passages.map(({ document, weight }) => [document.key, weight])), model, time };
}
