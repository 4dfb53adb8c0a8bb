/** The part of the configuration that says how negatives are constructed. Names are sentence-transformers' where it has one for the thing. */
import * as v from "valibot";
import { crowdedWindow, emptyWindow, hasRoom, windowHoldsNegatives, windowOf } from "./samplerChecks";
import { count, group, number, perSource, positive, share, text, withDefaults } from "./schemaParts";
import { thresholdDefaults, thresholdSchemas } from "./samplerThresholds";

/** Where candidates come from. */
export const CANDIDATE_SOURCES = ["top", "window", "simans", "random", "bm25", "hybrid", "same_article", "same_topic"] as const;
export type CandidateSource = (typeof CANDIDATE_SOURCES)[number];
const sourceNames = CANDIDATE_SOURCES.map((name) => `"${name}"`).join(", ");
const source = v.picklist(CANDIDATE_SOURCES, `must be one of ${sourceNames}`);

const simansSchemas = {
  a: v.pipe(positive, v.description("Sharpness a' on the axis D' = (score - anchor) / sigma. Larger draws from a narrower band.")),
  b: v.pipe(
    number,
    v.description(
      "Centre b' of the band, in units of sigma from the positive's score. Negative lies below the positive (the paper's sign).",
    ),
  ),
  kernel: v.pipe(
    v.picklist(["square", "first_order"], 'must be "square" or "first_order"'),
    v.description(
      '"square": p ~ exp(-a (D\' - b)^2), the paper\'s equation. "first_order": p ~ exp(-a |D\' - b|), the released MS MARCO code.',
    ),
  ),
  anchor: v.pipe(
    v.picklist(["lowest", "mean", "drawn"], 'must be "lowest", "mean" or "drawn"'),
    v.description(
      "Which positive's score D is measured from: the lowest, the mean of all (the paper's general form), or one drawn for each query by the seed (the paper's practice).",
    ),
  ),
  axis: v.pipe(
    v.picklist(["standardised", "raw"], 'must be "standardised" or "raw"'),
    v.description(
      '"standardised": sigma is the robust spread of the query\'s candidates, so that a and b mean the same for any encoder. "raw": sigma is 1, to compare with the paper.',
    ),
  ),
};
const simansDefaults = { a: 1, b: 0, kernel: "square", anchor: "lowest", axis: "standardised" } as const;

const rescoreLimits = {
  max_score: v.pipe(v.nullable(number), v.description("Drop candidates whose new score is above this.")),
  min_score: v.pipe(v.nullable(number), v.description("Drop candidates whose new score is below this.")),
  absolute_margin: v.pipe(v.nullable(number), v.description("As absolute_margin, on the new scores.")),
  relative_margin: v.pipe(v.nullable(number), v.description("As relative_margin, on the new scores.")),
};
const noRescoreLimits = { max_score: null, min_score: null, absolute_margin: null, relative_margin: null };

const mixEntry = v.strictObject(
  {
    source: v.pipe(source, v.description(`Where these candidates come from: ${sourceNames}.`)),
    n: v.pipe(count(1), v.description("Negatives wanted from this source.")),
    ...perSource(thresholdSchemas),
    simans: v.exactOptional(v.pipe(v.strictObject(perSource(simansSchemas), group), v.description("As sampler.simans, for this source."))),
    rescore: v.exactOptional(
      v.pipe(v.strictObject(perSource(rescoreLimits), group), v.description("Limits as sampler.rescore has them, for this source.")),
    ),
  },
  group,
);

const sameArticle = v.strictObject(
  {
    field: v.optional(
      v.pipe(
        v.nullable(text),
        v.description(
          'Field of the corpus records that names a passage\'s article, for example "title", "url" or "id"; null: the source finds nothing.',
        ),
      ),
      null,
    ),
    separator: v.optional(
      v.pipe(
        v.nullable(v.pipe(text, v.nonEmpty("must not be empty"))),
        v.description(
          'Only what stands before the last of these counts: with "#" the id "Turing#3" belongs to the article "Turing"; with "/" a path belongs to its folder.',
        ),
      ),
      null,
    ),
    order_field: v.optional(
      v.pipe(
        v.nullable(text),
        v.description('Field that orders the passages of an article, for example "position", "id" or "line"; needed for adjacent.'),
      ),
      null,
    ),
    adjacent: v.optional(
      v.pipe(
        count(0),
        v.description("With an order_field: drop this many passages on each side of a positive, since neighbours often repeat the answer."),
      ),
      1,
    ),
  },
  group,
);

const sameTopic = v.strictObject(
  {
    field: v.optional(
      v.pipe(
        v.nullable(text),
        v.description("Field of the corpus records that names a passage's class or topic; null: topics are found by spherical k-means."),
      ),
      null,
    ),
    topics: v.optional(
      v.pipe(
        v.nullable(count(2)),
        v.description(
          "Number of topics k-means looks for. null: the square root of half the number of documents, at least 2 and at most 256.",
        ),
      ),
      null,
    ),
  },
  group,
);

const rescore = v.pipe(
  v.strictObject(
    {
      kind: v.optional(
        v.pipe(
          v.picklist(["none", "maxsim", "cross_encoder"], 'must be "none", "maxsim" or "cross_encoder"'),
          v.description(
            '"maxsim": late interaction over the encoder\'s token vectors (ColBERT\'s score over the number of query tokens). "cross_encoder": the model named below reads query and passage together.',
          ),
        ),
        "none",
      ),
      model: v.optional(
        v.pipe(text, v.description('Cross-encoder: a folder in the Xenova layout, or a hub id such as "Xenova/ms-marco-MiniLM-L-6-v2".')),
        "",
      ),
      precision: v.optional(
        v.pipe(v.picklist(["fp32", "int8"], 'must be "fp32" or "int8"'), v.description("Of the cross-encoder.")),
        "fp32",
      ),
      top_n: v.optional(
        v.pipe(
          count(1),
          v.description(
            "How many survivors of each source are scored anew, nearest first; the others are dropped, since two scales are never compared.",
          ),
        ),
        30,
      ),
      ...withDefaults(rescoreLimits, noRescoreLimits),
    },
    group,
  ),
  v.forward(
    v.partialCheck(
      [["kind"], ["model"]],
      ({ kind, model }) => kind !== "cross_encoder" || model !== "",
      "must name the cross-encoder that rescore.kind asks for",
    ),
    ["model"],
  ),
);

const bm25 = v.strictObject(
  {
    k1: v.optional(v.pipe(number, v.minValue(0, "must be at least 0"), v.description("Saturation of a word's count in a passage.")), 1.2),
    b: v.optional(v.pipe(share, v.description("How far the length of a passage counts.")), 0.75),
  },
  group,
);

const samplerEntries = {
  compat: v.optional(
    v.pipe(
      v.nullable(v.picklist(["sentence-transformers"], 'must be "sentence-transformers" or null')),
      v.description(
        '"sentence-transformers": what its mine_hard_negatives (6.1) emits for the same vectors. Its defaults hold for what is not set, sampling_strategy is "top" or "window" (its "random"), texts are compared exactly, and the query\'s own text may be a negative.',
      ),
    ),
    null,
  ),
  sampling_strategy: v.optional(
    v.pipe(
      source,
      v.description(
        'The one source of candidates where there is no mix. "top": the nearest survivors; "window": an even draw from the survivors of the rank window (sentence-transformers\' "random"); "simans": a draw near the positive\'s score; "random": an even draw from the whole corpus; "bm25": by words; "hybrid": dense and BM25 ranks fused; "same_article", "same_topic": passages that share a group with a positive.',
      ),
    ),
    "top",
  ),
  num_negatives: v.optional(
    v.pipe(
      count(1),
      v.description("Negatives wanted for each query where there is no mix. Too few survivors are reported, never filled up."),
    ),
    5,
  ),
  mix: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.array(mixEntry, "must be a list"), v.minLength(1, "must not be empty"))),
      v.description(
        'Several sources with their quotas, asked in this order, for example [{"source": "simans", "n": 4}, {"source": "same_article", "n": 2, "relative_margin": null}]. Every threshold can be set for one source; what is not set is the sampler\'s.',
      ),
    ),
    null,
  ),
  ...withDefaults(thresholdSchemas, thresholdDefaults),
  simans: v.optional(
    v.pipe(v.strictObject(withDefaults(simansSchemas, simansDefaults), group), v.description('How "simans" weighs the survivors.')),
    {},
  ),
  bm25: v.optional(v.pipe(bm25, v.description("Okapi BM25.")), {}),
  hybrid: v.optional(
    v.pipe(
      v.strictObject(
        {
          k: v.optional(
            v.pipe(
              positive,
              v.description("Reciprocal-rank fusion adds 1 / (k + rank) over the dense and the BM25 list (Cormack et al. 2009)."),
            ),
            60,
          ),
        },
        group,
      ),
      v.description("Fusion of dense and BM25 ranks."),
    ),
    {},
  ),
  same_article: v.optional(v.pipe(sameArticle, v.description("Passages of a positive's article.")), {}),
  same_topic: v.optional(v.pipe(sameTopic, v.description("Passages of a positive's topic.")), {}),
  rescore: v.optional(v.pipe(rescore, v.description("A second, better score for the nearest survivors, with limits of its own.")), {}),
  seed: v.optional(v.pipe(count(0), v.description("Same inputs, configuration and seed give identical bytes.")), 42),
};

export const samplerSchema = v.pipe(
  v.strictObject(samplerEntries, group),
  v.forward(v.partialCheck([["range_min"], ["range_max"]], hasRoom, emptyWindow), ["range_min"]),
  v.forward(v.partialCheck([["compat"], ["num_negatives"], ["range_min"], ["range_max"]], windowHoldsNegatives, crowdedWindow), [
    "num_negatives",
  ]),
  v.forward(
    v.partialCheck(
      [["compat"], ["sampling_strategy"]],
      ({ compat, sampling_strategy }) => compat === null || sampling_strategy === "top" || sampling_strategy === "window",
      'must be "top" or "window" with compat: sentence-transformers has no other (its "random" is "window")',
    ),
    ["sampling_strategy"],
  ),
  v.forward(
    v.partialCheck(
      [["compat"], ["mix"]],
      ({ compat, mix }) => compat === null || mix === null,
      "must be null with compat: sentence-transformers knows no mix",
    ),
    ["mix"],
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: sampler } = dataset;
    const { mix } = sampler;
    // Where the sampler's own window is empty, that is what has to be told.
    if (mix === null || !hasRoom(sampler)) return;
    for (const [i, entry] of mix.entries()) {
      const window = windowOf(entry, sampler);
      if (hasRoom(window)) continue;
      addIssue({
        message: emptyWindow,
        path: [
          { type: "object", origin: "value", input: sampler, key: "mix", value: mix },
          { type: "array", origin: "value", input: [...mix], key: i, value: entry },
          { type: "object", origin: "value", input: entry, key: "range_min", value: window.range_min },
        ],
      });
    }
  }),
);

export type SamplerConfig = v.InferOutput<typeof samplerSchema>;
export type SimansConfig = SamplerConfig["simans"];
export type MixEntry = NonNullable<SamplerConfig["mix"]>[number];
export type FieldPredicate = SamplerConfig["where"][number];
