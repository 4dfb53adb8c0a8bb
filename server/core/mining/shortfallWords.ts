import type { ShortfallCause } from "./shortfall";

/** A cause in words, and the parameter that would help, where one would. */
export interface ShortfallAdvice {
  readonly parameter?: string;
  /** Follows "312 queries miss 701 negatives: ". */
  readonly text: string;
}

/** Sources with lists of their own length: a larger range_max finds nothing more for them. */
const unrankedSources = ["random", "same_article", "same_topic"];

interface Advice extends ShortfallAdvice {
  /** Whether looking further down the ranks would help as well. */
  readonly deeper?: true;
}

const advice: Readonly<Partial<Record<ShortfallCause, Advice>>> = {
  list_cut: { parameter: "range_max", text: "too few candidates are looked at; raise range_max" },
  no_anchor: { text: "SimANS needs a positive with a score, and these queries have none" },
  taken: { parameter: "mix", text: "earlier sources of the mix took what it finds; put it before them, or ask them for fewer" },
  where: { parameter: "where", text: "where leaves out much of what is found; widen it" },
  range_min: { parameter: "range_min", text: "range_min skips much of what is found; lower it" },
  range_max: { parameter: "range_max", text: "much of what is found lies beyond range_max; raise it" },
  adjacent: { parameter: "same_article.adjacent", text: "much of the article lies next to a positive; lower same_article.adjacent" },
  near_query: {
    parameter: "near_query_overlap",
    text: "much of what is found repeats the query; raise near_query_overlap or near_query_similarity",
  },
  near_duplicate: {
    parameter: "near_duplicate_similarity",
    text: "much of what is found repeats a positive; raise near_duplicate_similarity or near_duplicate_overlap",
    deeper: true,
  },
  max_positive_similarity: {
    parameter: "max_positive_similarity",
    text: "much of what is found is too similar to a positive; raise max_positive_similarity",
    deeper: true,
  },
  absolute_margin: { parameter: "absolute_margin", text: "much of what is found lies within absolute_margin; lower it", deeper: true },
  relative_margin: { parameter: "relative_margin", text: "much of what is found lies within relative_margin; lower it", deeper: true },
  max_score: { parameter: "max_score", text: "much of what is found scores above max_score; raise it", deeper: true },
  max_fn_probability: {
    parameter: "max_fn_probability",
    text: "much of what is found is probably relevant, by the false-negative model; raise max_fn_probability, or mark more",
    deeper: true,
  },
  min_score: { parameter: "min_score", text: "much of what is found scores below min_score; lower it" },
  not_rescored: { parameter: "rescore.top_n", text: "too few get a second score; raise rescore.top_n" },
  rescore_absolute_margin: {
    parameter: "rescore.absolute_margin",
    text: "many lie within rescore.absolute_margin; lower it, or raise rescore.top_n",
  },
  rescore_relative_margin: {
    parameter: "rescore.relative_margin",
    text: "many lie within rescore.relative_margin; lower it, or raise rescore.top_n",
  },
  rescore_max_score: { parameter: "rescore.max_score", text: "many score above rescore.max_score; raise it, or rescore.top_n" },
  rescore_min_score: { parameter: "rescore.min_score", text: "many score below rescore.min_score; lower it" },
  diversity: {
    parameter: "diversity_overlap",
    text: "much of what is left repeats a negative already chosen; raise diversity_overlap or diversity_similarity",
  },
};

/** What a cause means for a source, and what would help. `note` is what the source says of its list. */
export function shortfallAdvice(cause: ShortfallCause, source: string, note: string | undefined): ShortfallAdvice {
  const known = advice[cause];
  if (known !== undefined) {
    const { deeper, text, ...rest } = known;
    return { ...rest, text: deeper === true && !unrankedSources.includes(source) ? `${text}, or raise range_max` : text };
  }
  if (note !== undefined) return { text: note };
  switch (source) {
    case "bm25":
      return { text: "too few passages that could be negatives share a word with the query" };
    default:
      return { text: "the data has too few other passages; add some to the corpus" };
  }
}
