/** The card of an adapter, `card.json`: what it was made from and what it came to. Holds no time and no path, so that one seed gives one card. */
import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());

const measure = v.object({ name: v.string(), frozen: finite, adapted: finite, difference: finite, low: finite, high: finite });

export const adapterCardSchema = v.object({
  /** Of the card. */
  version: v.literal(1),
  /** Name and version of the program. */
  tool: v.string(),
  /** The encoder that it was made for. Its prompts come before each text, as in `model.query_prompt` and `model.corpus_prompt`. */
  base_model: v.object({
    id: v.string(),
    fingerprint: v.string(),
    dimensions: v.pipe(count, v.minValue(1)),
    query_prompt: v.string(),
    corpus_prompt: v.string(),
  }),
  sides: v.picklist(["query", "both"]),
  /** null: a full matrix. */
  rank: v.nullable(count),
  data: v.object({
    /** Name of the file or folder, without where it lies. */
    name: v.string(),
    /** `data.split` of the configuration: which qrels of a BEIR folder; null where it was not set. */
    qrels_split: v.nullable(v.string()),
    train_queries: count,
    validation_queries: count,
    test_queries: count,
  }),
  /** `training` of the configuration; its seed and shares decide which queries were held out. */
  training: v.looseObject({ seed: count, validation_share: finite, test_share: finite }),
  /** Names what decided the negatives, see `configHash`. */
  config_hash: v.string(),
  /** On the held-out queries; null where there were none. */
  comparison: v.nullable(
    v.object({ queries: count, metrics: v.pipe(v.array(measure), v.readonly()), sentence: v.string(), isGain: v.boolean() }),
  ),
});

export type AdapterCard = v.InferOutput<typeof adapterCardSchema>;

/** A model's or data set's name without where it lies: the last part of a path, anything else as it is ("Xenova/bge-small-en-v1.5"). */
export function placeless(id: string): string {
  const isPath = /^([/\\.~]|[A-Za-z]:[/\\])/.test(id);
  return isPath ? (id.split(/[/\\]/).findLast((part) => part !== "") ?? id) : id;
}
