import { beirCorpus } from "./beirCorpus";
import { flagEmbedding } from "./flagEmbedding";
import type { FormatId, RecordFormat } from "./format";
import { plainCorpus } from "./plainCorpus";
import { sentenceTransformersLabeledList } from "./sentenceTransformersLabeledList";
import { sentenceTransformersLabeledPair } from "./sentenceTransformersLabeledPair";
import { sentenceTransformersNTuple } from "./sentenceTransformersNTuple";
import { sentenceTransformersPair } from "./sentenceTransformersPair";
import { sentenceTransformersTriplet } from "./sentenceTransformersTriplet";
import { tevatron } from "./tevatron";

/** Every format that a record alone can tell, the more particular ones first: the first that recognises an object has it. */
export const RECOGNISED_FORMATS: readonly RecordFormat[] = [
  tevatron,
  flagEmbedding,
  sentenceTransformersLabeledList,
  sentenceTransformersNTuple,
  sentenceTransformersTriplet,
  sentenceTransformersLabeledPair,
  sentenceTransformersPair,
  plainCorpus,
];

/**
 * The format with this id. A BEIR folder's three files share one id: this is the reader of its corpus; `beirQueries` and
 * `parseQrels` read the other two.
 */
export function formatById(id: FormatId): RecordFormat {
  return id === "beir" ? beirCorpus : FORMAT_BY_ID[id];
}

const FORMAT_BY_ID: Readonly<Record<Exclude<FormatId, "beir">, RecordFormat>> = {
  flagembedding: flagEmbedding,
  "st-pair": sentenceTransformersPair,
  "st-triplet": sentenceTransformersTriplet,
  "st-n-tuple": sentenceTransformersNTuple,
  "st-labeled-pair": sentenceTransformersLabeledPair,
  "st-labeled-list": sentenceTransformersLabeledList,
  tevatron,
  corpus: plainCorpus,
};
