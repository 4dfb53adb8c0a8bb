/** What a candidate must meet, whatever its source. */
import * as v from "valibot";
import { count, flag, group, number, share, text } from "./schemaParts";

const scalar = v.union([text, number, flag], "must be a text, a number, true or false");
const predicate = v.pipe(
  v.strictObject(
    {
      field: v.pipe(text, v.nonEmpty("must not be empty")),
      equals: v.exactOptional(scalar),
      in: v.exactOptional(v.array(scalar, "must be a list")),
      prefix: v.exactOptional(text),
    },
    group,
  ),
  v.check(
    (test) => [test.equals, test.in, test.prefix].filter((part) => part !== undefined).length === 1,
    'must have exactly one of "equals", "in" and "prefix"',
  ),
);

/** What can be set for all sources, and otherwise for one of a mix. */
export const thresholdSchemas = {
  draw: v.pipe(
    v.nullable(v.picklist(["nearest", "even", "simans"], 'must be "nearest", "even" or "simans"')),
    v.description(
      'How bm25, hybrid, same_article and same_topic choose among their survivors: the "nearest" (so by default), an "even" draw, or "simans". The other sources say so by their names.',
    ),
  ),
  range_min: v.pipe(count(0), v.description("Skip this many of the nearest documents of the source's list.")),
  range_max: v.pipe(
    v.nullable(count(1)),
    v.description("Look no further than this rank. null: range_min + 100; with compat, as sentence-transformers derives it."),
  ),
  range_after_filters: v.pipe(
    flag,
    v.description("Count ranks among the survivors of the filters, as sentence-transformers does, instead of in the raw retrieval list."),
  ),
  max_score: v.pipe(v.nullable(number), v.description("Drop candidates scoring above this.")),
  min_score: v.pipe(v.nullable(number), v.description("Drop candidates scoring below this.")),
  margin_anchor: v.pipe(
    v.picklist(["lowest", "highest", "mean"], 'must be "lowest", "highest" or "mean"'),
    v.description(
      "Which of the query's positives both margins are taken against, by score: the lowest (the strictest), the highest, or their mean.",
    ),
  ),
  absolute_margin: v.pipe(
    v.nullable(number),
    v.description("Drop candidates with score + absolute_margin above p, the score of the margin_anchor."),
  ),
  relative_margin: v.pipe(
    v.nullable(number),
    v.description(
      "Drop candidates scoring above p - |p| * relative_margin, p being the score of the margin_anchor. 0.05 is NV-Retriever's 95 % rule.",
    ),
  ),
  max_positive_similarity: v.pipe(
    v.nullable(number),
    v.description(
      "Drop candidates whose highest similarity to a positive of the query, max s(d+, d), is above this: the second axis, which score limits do not see.",
    ),
  ),
  max_fn_probability: v.pipe(
    v.nullable(share),
    v.description(
      "Drop candidates that are more probably relevant than this, by what marks have taught: P(false negative) of the model fitted to them. Pinned true negatives stay. null switches the guard off.",
    ),
  ),
  near_duplicate_similarity: v.pipe(
    v.nullable(share),
    v.description("Drop candidates whose vector is at least this similar to a positive's. null switches the rule off."),
  ),
  near_duplicate_overlap: v.pipe(
    v.nullable(v.pipe(share, v.gtValue(0, "must be above 0"))),
    v.description(
      "Drop candidates that share at least this part of their three-word shingles with a positive (Jaccard). null switches the rule off.",
    ),
  ),
  near_query_similarity: v.pipe(
    v.nullable(share),
    v.description("Drop candidates whose vector is at least this similar to the query's. null switches the rule off."),
  ),
  near_query_overlap: v.pipe(
    v.nullable(v.pipe(share, v.gtValue(0, "must be above 0"))),
    v.description("Drop candidates that share at least this part of their three-word shingles with the query. null switches the rule off."),
  ),
  diversity_similarity: v.pipe(
    v.nullable(share),
    v.description(
      "Pass over candidates whose vector is at least this similar to a negative already chosen for the query. null switches the rule off.",
    ),
  ),
  diversity_overlap: v.pipe(
    v.nullable(v.pipe(share, v.gtValue(0, "must be above 0"))),
    v.description(
      "Pass over candidates that share at least this part of their three-word shingles with a negative already chosen for the query. null switches the rule off.",
    ),
  ),
  where: v.pipe(
    v.array(predicate, "must be a list"),
    v.description(
      'Keep only documents that meet all of these, for example [{"field": "language", "equals": "en"}]. Each names a field of the corpus records with "equals", "in" or "prefix".',
    ),
  ),
};
export const thresholdDefaults = {
  draw: null,
  range_min: 0,
  range_max: 100,
  range_after_filters: false,
  max_score: null,
  min_score: null,
  margin_anchor: "lowest",
  absolute_margin: null,
  relative_margin: 0.05,
  max_positive_similarity: null,
  max_fn_probability: null,
  near_duplicate_similarity: 0.97,
  near_duplicate_overlap: 0.8,
  near_query_similarity: null,
  near_query_overlap: 0.8,
  diversity_similarity: null,
  diversity_overlap: 0.8,
  where: [],
} as const;
