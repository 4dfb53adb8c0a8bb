/**
 * The project's configuration, `.nearmiss/config.json`. This schema is its only declaration: defaults, validation, the JSON schema
 * behind VS Code's completion and hover, and the reference in the README are made from it. Names are sentence-transformers' where
 * that library has one for the same thing.
 */
import * as v from "valibot";
import { DIAGNOSTIC_CODES } from "../diagnostics/codes";

const number = v.pipe(v.number("must be a number"), v.finite("must be a finite number"));
const text = v.string("must be a text in quotes");
const flag = v.boolean("must be true or false");
const count = (least: number) =>
  v.pipe(number, v.integer("must be a whole number"), v.minValue(least, `must be at least ${String(least)}`));
const share = v.pipe(number, v.minValue(0, "must be at least 0"), v.maxValue(1, "must be at most 1"));
const positive = v.pipe(number, v.gtValue(0, "must be above 0"));

/** Message for a value that should be an object. Unknown keys get one of their own, see `readConfig`. */
const group = "must be an object";

const simansEntries = {
  a: v.optional(
    v.pipe(
      positive,
      v.description("Sharpness a' on the standardised axis D' = (score - anchor) / sigma. Larger draws from a narrower band."),
    ),
    1,
  ),
  b: v.optional(
    v.pipe(
      number,
      v.description(
        "Centre b' of the band, in units of sigma from the positive's score. Negative lies below the positive (the paper's sign).",
      ),
    ),
    0,
  ),
  kernel: v.optional(
    v.pipe(
      v.picklist(["square", "first_order"], 'must be "square" or "first_order"'),
      v.description(
        '"square": p ~ exp(-a (D\' - b)^2), the paper\'s equation. "first_order": p ~ exp(-a |D\' - b|), the released MS MARCO code.',
      ),
    ),
    "square",
  ),
};
const simans = v.strictObject(simansEntries, group);

const samplerEntries = {
  sampling_strategy: v.optional(
    v.pipe(
      v.picklist(["top", "window", "simans", "random"], 'must be "top", "window", "simans" or "random"'),
      v.description(
        '"top" takes the nearest survivors; "window" draws evenly from the survivors of the rank window (sentence-transformers\' "random"); "simans" draws near the positive\'s score; "random" draws evenly from the whole corpus.',
      ),
    ),
    "top",
  ),
  num_negatives: v.optional(
    v.pipe(count(1), v.description("Negatives wanted for each query. Too few survivors are reported, never filled up.")),
    5,
  ),
  range_min: v.optional(v.pipe(count(0), v.description("Skip this many of the nearest documents.")), 0),
  range_max: v.optional(v.pipe(count(1), v.description("Look no further than this rank.")), 100),
  range_after_filters: v.optional(
    v.pipe(
      flag,
      v.description("Count ranks among the survivors of the filters, as sentence-transformers does, instead of in the raw retrieval list."),
    ),
    false,
  ),
  max_score: v.optional(v.pipe(v.nullable(number), v.description("Drop candidates scoring above this.")), null),
  min_score: v.optional(v.pipe(v.nullable(number), v.description("Drop candidates scoring below this.")), null),
  absolute_margin: v.optional(
    v.pipe(v.nullable(number), v.description("Drop candidates with score + absolute_margin above the lowest-scoring positive's score.")),
    null,
  ),
  relative_margin: v.optional(
    v.pipe(
      v.nullable(number),
      v.description(
        "Drop candidates scoring above p - |p| * relative_margin, where p is the lowest-scoring positive's score. 0.05 is NV-Retriever's 95 % rule.",
      ),
    ),
    0.05,
  ),
  near_duplicate_similarity: v.optional(
    v.pipe(
      v.nullable(share),
      v.description("Drop candidates whose vector is at least this similar to a positive's. null switches the rule off."),
    ),
    0.97,
  ),
  near_duplicate_overlap: v.optional(
    v.pipe(
      v.nullable(v.pipe(share, v.gtValue(0, "must be above 0"))),
      v.description(
        "Drop candidates that share at least this part of their three-word shingles with a positive (Jaccard). null switches the rule off.",
      ),
    ),
    0.8,
  ),
  simans: v.optional(v.pipe(simans, v.description('How "simans" weighs the survivors.')), {}),
  seed: v.optional(v.pipe(count(0), v.description("Same inputs, configuration and seed give identical bytes.")), 42),
};
const sampler = v.pipe(
  v.strictObject(samplerEntries, group),
  v.forward(
    v.partialCheck(
      [["range_min"], ["range_max"]],
      ({ range_min, range_max }) => range_min < range_max,
      "must be below range_max, else no candidate is left",
    ),
    ["range_min"],
  ),
);

const model = v.strictObject(
  {
    id: v.optional(
      v.pipe(
        text,
        v.nonEmpty("must not be empty"),
        v.description(
          '"embedded" for the all-MiniLM-L6-v2 in the package, a folder in the Xenova layout, or a hub id such as "Xenova/bge-small-en-v1.5".',
        ),
      ),
      "embedded",
    ),
    precision: v.optional(
      v.pipe(
        v.picklist(["fp32", "int8"], 'must be "fp32" or "int8"'),
        v.description("int8 is about twice as fast and a little less exact."),
      ),
      "fp32",
    ),
    query_prompt: v.optional(v.pipe(text, v.description('Put before each query, for example "query: ".')), ""),
    corpus_prompt: v.optional(v.pipe(text, v.description('Put before each document, for example "passage: ".')), ""),
    allow_download: v.optional(
      v.pipe(flag, v.description("Let a hub id be fetched over the network when it is not on this machine.")),
      false,
    ),
  },
  group,
);

const index = v.strictObject(
  {
    kind: v.optional(
      v.pipe(
        v.picklist(["auto", "exact", "hnsw"], 'must be "auto", "exact" or "hnsw"'),
        v.description("auto searches exactly up to the size where HNSW begins to pay."),
      ),
      "auto",
    ),
    m: v.optional(v.pipe(count(2), v.description("HNSW links per node.")), 16),
    ef_construction: v.optional(v.pipe(count(8), v.description("HNSW candidate list while building.")), 200),
    ef: v.optional(v.pipe(count(8), v.description("HNSW candidate list while searching.")), 200),
  },
  group,
);

const data = v.strictObject(
  {
    format: v.optional(
      v.pipe(
        v.picklist(
          [
            "auto",
            "flagembedding",
            "st-pair",
            "st-triplet",
            "st-n-tuple",
            "st-labeled-pair",
            "st-labeled-list",
            "tevatron",
            "beir",
            "corpus",
          ],
          "must be auto or the name of a format",
        ),
        v.description("Format of the training set; auto looks at the records."),
      ),
      "auto",
    ),
    corpus: v.optional(
      v.pipe(
        v.nullable(text),
        v.description(
          "Corpus file to mine from, relative to the folder that holds .nearmiss. Without it the file's own passages are the corpus, and a corpus.jsonl beside the training set is used when there is one.",
        ),
      ),
      null,
    ),
    split: v.optional(
      v.pipe(
        v.nullable(text),
        v.description(
          "For a BEIR folder: which qrels/<split>.tsv holds the positives. Without it train, dev, test is the order of preference.",
        ),
      ),
      null,
    ),
  },
  group,
);

const severity = v.picklist(
  ["off", "hint", "information", "warning", "error"],
  'must be "off", "hint", "information", "warning" or "error"',
);
const checks = v.strictObject(
  Object.fromEntries(DIAGNOSTIC_CODES.map((code) => [code, v.exactOptional(severity)])) as Record<
    (typeof DIAGNOSTIC_CODES)[number],
    v.ExactOptionalSchema<typeof severity, undefined>
  >,
  group,
);

export const configSchema = v.strictObject(
  {
    $schema: v.exactOptional(v.pipe(text, v.description("Where editors find this file's schema. Nearmiss does not read it."))),
    data: v.optional(v.pipe(data, v.description("What is read, and how.")), {}),
    model: v.optional(v.pipe(model, v.description("The encoder.")), {}),
    index: v.optional(v.pipe(index, v.description("How the nearest documents are found.")), {}),
    sampler: v.optional(v.pipe(sampler, v.description("How negatives are chosen from the candidates.")), {}),
    checks: v.optional(v.pipe(checks, v.description("Severity of each data check, by code.")), {}),
  },
  group,
);

/** The configuration with every default filled in. */
export type Config = v.InferOutput<typeof configSchema>;
export type SamplerConfig = Config["sampler"];
export type SimansConfig = SamplerConfig["simans"];

export const defaultConfig: Config = v.parse(configSchema, {});
