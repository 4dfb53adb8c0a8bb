import { expect, test } from "vitest";
import type { DatasetStatus } from "#protocol/status";
import { reviewText, statusText } from "../../../extension/statusText";

const status: DatasetStatus = {
  dataset: "file:///train.jsonl",
  revision: 1,
  format: "FlagEmbedding",
  queries: 2504,
  documents: 12431,
  fromDisk: false,
  phase: "ready",
  done: 0,
  total: 0,
  embedded: 0,
  cached: 14935,
  model: "all-MiniLM-L6-v2",
  index: { kind: "exact", recall: 1, recallSample: 0 },
};

test("a data set that is ready says what it holds, and that nothing was embedded", () => {
  expect(statusText(status)).toMatchInlineSnapshot(`
    {
      "busy": false,
      "detail": "0 embedded, 14,935 from the cache · exact · FlagEmbedding · model all-MiniLM-L6-v2",
      "severity": "information",
      "text": "Ready: 2,504 queries, 12,431 passages",
    }
  `);
});

test("embedding can be stopped, and resumed after that", () => {
  const embedding = statusText({ ...status, phase: "embedding", done: 1200, total: 14935 });
  expect(embedding).toMatchObject({ text: "Embedding 1,200 of 14,935", busy: true, action: { command: "nearmiss.stop" } });
  const stopped = statusText({ ...status, phase: "stopped", done: 1200, total: 14935 });
  expect(stopped).toMatchObject({ busy: false, severity: "warning", action: { command: "nearmiss.resume" } });
});

test("a failure says what happened and, first of the details, what to do", () => {
  const failure = { reason: "embedder", message: "The embedder ended.", nextStep: "Free some memory, then resume." };
  const text = statusText({ ...status, phase: "failed", failure });
  expect(text).toMatchObject({ text: "The embedder ended.", severity: "error", action: { command: "nearmiss.resume" } });
  expect(text.detail).toMatch(/^Free some memory, then resume\. · /u);
});

test("the recall of an approximate index is named with its sample", () => {
  const index = { kind: "hnsw", recall: 0.9876, recallSample: 200 };
  expect(statusText({ ...status, index }).detail).toContain("hnsw, recall 0.988 on 200 queries");
});

test("the status bar counts reviewed queries once the marks are read", () => {
  expect(reviewText(status)).toBeUndefined();
  expect(reviewText({ ...status, counts: { queries: 2504, queriesReviewed: 41, marks: 60, falseNegatives: 9 } })).toBe("NM 41/2,504");
});
