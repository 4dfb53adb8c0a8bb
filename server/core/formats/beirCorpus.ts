import { idOf } from "./fields";
import type { RecordFormat } from "./format";
import { readCorpusRecord } from "./plainCorpus";

/** `corpus.jsonl` of a BEIR folder. Qrels name its records, so an id is a must. */
export const beirCorpus: RecordFormat = {
  id: "beir",
  label: "BEIR corpus",
  recognises: (value) => idOf(value["_id"]) !== undefined && typeof value["text"] === "string",
  read(value) {
    const reading = readCorpusRecord(value, { idKeys: ["_id"], textKeys: ["text"], joinTitles: true });
    if (idOf(value["_id"]) !== undefined) return reading;
    return {
      ...reading,
      problems: [...reading.problems, { code: "HN102", path: [], message: 'The record has no "_id", so no qrels row can name it.' }],
    };
  },
};
