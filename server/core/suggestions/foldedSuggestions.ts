import type { PairOpinion, QueryAttribution, Suggestions } from "./pairOpinion";
import type { AttributionSuggestion, JudgementSuggestion, Suggestion } from "./suggestion";
import { distinctByTime, timed } from "./suggestionOrder";
import type { TimedSuggestion } from "./suggestionOrder";

/** What the suggestions on one query come to. */
interface QueryFold {
  readonly opinions: ReadonlyMap<string, PairOpinion>;
  /** The judgement whose word on the query and its positives holds. */
  readonly judgement: JudgementSuggestion | undefined;
  readonly attribution: QueryAttribution | undefined;
}

/**
 * All suggestions of a project, folded. On one pair a confirming model's word goes before a first look, and within a stage the later before the
 * earlier; what is said of the query and its positives is the last such judgement's. The order of lines and files changes nothing, and a
 * suggestion that is there twice counts once. Never changes: `with` makes another one.
 */
export class FoldedSuggestions implements Suggestions {
  readonly totals: Suggestions["totals"];
  readonly queries: readonly string[];
  readonly #inOrder: readonly TimedSuggestion[];
  readonly #byQuery = new Map<string, Suggestion[]>();
  /** By the key of the query, made when first asked for: a run adds to one query at a time, and a project can have thousands. */
  readonly #folds = new Map<string, QueryFold>();

  constructor(suggestions: readonly Suggestion[]) {
    this.#inOrder = distinctByTime(suggestions.map(timed));
    const totals = { suggestions: this.#inOrder.length, inputTokens: 0, outputTokens: 0, cost: 0 };
    for (const { suggestion } of this.#inOrder) {
      const { query, input_tokens: inputTokens, output_tokens: outputTokens, cost = 0 } = suggestion;
      const ofQuery = this.#byQuery.get(query.key);
      if (ofQuery === undefined) this.#byQuery.set(query.key, [suggestion]);
      else ofQuery.push(suggestion);
      // In order of time, since sums of floating-point numbers depend on their order.
      totals.inputTokens += inputTokens;
      totals.outputTokens += outputTokens;
      totals.cost += cost;
    }
    this.queries = [...this.#byQuery.keys()];
    this.totals = totals;
  }

  /** What all of these and some more come to. */
  with(more: readonly Suggestion[]): FoldedSuggestions {
    const made = new FoldedSuggestions([...this.#inOrder.map(({ suggestion }) => suggestion), ...more]);
    for (const [query, fold] of this.#folds) if (isSame(this.#byQuery.get(query), made.#byQuery.get(query))) made.#folds.set(query, fold);
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
    const known = this.#folds.get(query);
    const suggestions = known === undefined ? this.#byQuery.get(query) : undefined;
    if (suggestions === undefined) return known;
    const made = foldQuery(suggestions);
    this.#folds.set(query, made);
    return made;
  }
}

/** A new suggestion can take the name from one of another query. */
function isSame(one: readonly Suggestion[] = [], other: readonly Suggestion[] = []): boolean {
  return one.length === other.length && one.every((suggestion, at) => suggestion === other[at]);
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
