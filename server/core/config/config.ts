/**
 * The project's configuration, `.nearmiss/config.json`. This schema is its only declaration: defaults, validation, the JSON schema
 * behind VS Code's completion and hover, and the reference in the README are made from it. Names are sentence-transformers' where
 * that library has one for the same thing.
 */
import * as v from "valibot";
import { DIAGNOSTIC_CODES } from "../diagnostics/codes";
import { curationSchema } from "./curationSchema";
import { labellingSchema } from "./labellingSchema";
import { samplerSchema } from "./samplerSchema";
import { count, flag, group, text } from "./schemaParts";
import { trainingSchema } from "./trainingSchema";

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
    adapter: v.optional(
      v.pipe(
        v.nullable(
          v.pipe(
            text,
            v.regex(
              /^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u,
              "must be the name of a folder in .nearmiss/adapters: letters, digits, dots, dashes, underscores and blanks",
            ),
          ),
        ),
        v.description("Folder in .nearmiss/adapters with the trained adapter that is in use; null: the encoder as it is."),
      ),
      null,
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

const exporting = v.strictObject(
  {
    output_scores: v.optional(
      v.pipe(
        flag,
        v.description(
          'Write the scores of mined negatives and of positives: a column "scores" in sentence-transformers\' triplets and n-tuples, "score" and "scores" instead of the labels in its labelled formats, "pos_scores" and "neg_scores" in FlagEmbedding\'s. Rows of sentence-transformers\' formats are then made anew.',
        ),
      ),
      false,
    ),
    scores: v.optional(
      v.pipe(
        v.picklist(["similarity", "teacher"], 'must be "similarity" or "teacher"'),
        v.description(
          "What output_scores writes: similarities (second scores with a rescorer), or the scores of the teacher that language models gave, for queries that have one for every passage.",
        ),
      ),
      "similarity",
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
    sampler: v.optional(v.pipe(samplerSchema, v.description("How negatives are chosen from the candidates.")), {}),
    training: v.optional(
      v.pipe(trainingSchema, v.description("How the adapter is trained, and the temperature of the gradients shown.")),
      {},
    ),
    curation: v.optional(v.pipe(curationSchema, v.description("How marks are gathered, and what has to be shown of what is left.")), {}),
    labelling: v.optional(v.pipe(labellingSchema, v.description("What language models are asked, when a person has them asked.")), {}),
    export: v.optional(v.pipe(exporting, v.description("What an export writes besides texts.")), {}),
    checks: v.optional(v.pipe(checks, v.description("Severity of each data check, by code.")), {}),
  },
  group,
);

/** The configuration with every default filled in. */
export type Config = v.InferOutput<typeof configSchema>;

export const defaultConfig: Config = v.parse(configSchema, {});
