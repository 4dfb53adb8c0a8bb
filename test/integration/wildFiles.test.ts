import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { recogniseLines } from "#core/formats/recogniseLines";
import { RowDocument } from "#core/jsonl/rowDocument";
import { failureText } from "#core/util/failure";

const repoRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const wild = path.resolve(repoRoot, "../shared/data/wild");

/** What became of a file: its format and contents in numbers, or the refusal. */
function summary(file: string): string {
  const bytes = readFileSync(path.join(wild, file));
  const document = RowDocument.fromText((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
  const detection = recogniseLines(document.lines());
  if (!detection.ok) return failureText(detection.failure);
  const { format, share } = detection.value;
  document.setFormat(format);
  let [rows, positives, negatives, documents] = [0, 0, 0, 0];
  const codes = new Map<string, number>();
  for (const { row } of document.rows()) {
    rows++;
    positives += row.record?.positives.length ?? 0;
    negatives += row.record?.negatives.length ?? 0;
    documents += row.record?.documents.length ?? 0;
    for (const { code } of row.problems) codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  const problems = [...codes].map(([code, count]) => `${code} x${String(count)}`).join(", ");
  return `${format.id} ${String(share)}: ${String(rows)} rows, ${String(positives)} positives, ${String(negatives)} negatives, ${String(documents)} others${problems === "" ? "" : `; ${problems}`}`;
}

describe.skipIf(!existsSync(wild))(
  "every file found in the wild is understood or refused with the reason (skipped without ../shared/data)",
  () => {
    test("summaries", () => {
      const files = existsSync(wild)
        ? readdirSync(wild, { recursive: true, encoding: "utf8" })
            .filter((file) => /\.(?:gz|jsonl)$/.test(file))
            .sort()
        : [];
      expect(Object.fromEntries(files.map((file) => [file, summary(file)]))).toMatchInlineSnapshot(`
      {
        "anchor-positive-negetive-fa.json.gz": "st-triplet 1: 617 rows, 617 positives, 617 negatives, 0 others",
        "dpr-nq-sample.json.gz": "The file is a JSON array, one value over the whole file, with DPR's fields; records are read line by line. Convert it to JSON Lines, for example with jq -c '.[]', and rename "question", "positive_ctxs" and "hard_negative_ctxs" to "query", "positive_passages" and "negative_passages".",
        "flagembedding-ko-law-minedHN.jsonl.gz": "flagembedding 1: 762 rows, 2283 positives, 24384 negatives, 0 others; HN107 x1",
        "flagembedding-official/classification-no_in_batch_neg_AmazonClassification.jsonl": "flagembedding 1: 10 rows, 10 positives, 40 negatives, 0 others",
        "flagembedding-official/classification-no_in_batch_neg_Banking77Classification.jsonl": "flagembedding 1: 10 rows, 10 positives, 300 negatives, 0 others",
        "flagembedding-official/clustering-no_in_batch_neg_arXiv_title.jsonl": "flagembedding 1: 10 rows, 10 positives, 197 negatives, 0 others",
        "flagembedding-official/clustering-no_in_batch_neg_bioRXiv_title.jsonl": "flagembedding 1: 10 rows, 10 positives, 240 negatives, 0 others",
        "flagembedding-official/llara_toy_finetune_data.jsonl.gz": "flagembedding 1: 11 rows, 11 positives, 330 negatives, 0 others",
        "flagembedding-official/reranker_normal_examples.jsonl.gz": "flagembedding 1: 10 rows, 10 positives, 250 negatives, 0 others; HN010 x1",
        "flagembedding-official/reranker_prompt_based_examples.jsonl.gz": "flagembedding 1: 10 rows, 10 positives, 250 negatives, 0 others; HN010 x1",
        "flagembedding-official/retrieval_msmarco.jsonl.gz": "flagembedding 1: 10 rows, 10 positives, 250 negatives, 0 others; HN010 x1",
        "flagembedding-official/retrieval_nli.jsonl": "flagembedding 1: 10 rows, 10 positives, 10 negatives, 0 others",
        "flagembedding-official/retrieval_nq.jsonl.gz": "flagembedding 1: 10 rows, 10 positives, 979 negatives, 0 others",
        "flagembedding-official/sts_sts.jsonl": "flagembedding 1: 10 rows, 10 positives, 280 negatives, 0 others",
        "flagembedding-official/toy_finetune_data.jsonl": "flagembedding 1: 10 rows, 10 positives, 70 negatives, 0 others",
        "flagembedding-official/toy_finetune_data_minedHN.jsonl": "flagembedding 1: 10 rows, 10 positives, 150 negatives, 0 others",
        "openmatch-pairwise.jsonl.gz": "st-triplet 1: 1023 rows, 1023 positives, 1023 negatives, 0 others",
        "openmatch-pointwise.jsonl.gz": "st-labeled-pair 1: 2046 rows, 1023 positives, 1023 negatives, 0 others",
        "openmatch-scored-dev.jsonl.gz": "st-labeled-pair 1: 200 rows, 37 positives, 163 negatives, 0 others",
        "rocketqa-cross.train.tsv.gz": "The file is tab-separated text with 4 columns, as RocketQA's cross-encoder file (query, title, text, label); only JSON Lines is read. Convert it to JSON Lines: one object a line, for example with the fields query, pos and neg.",
        "rocketqa-dual.train.tsv.gz": "The file is tab-separated text with 6 columns, as RocketQA's dual-encoder file (query, title and text of a positive, title and text of a negative, 0); only JSON Lines is read. Convert it to JSON Lines: one object a line, for example with the fields query, pos and neg.",
        "triplets-llm-classified.jsonl.gz": "st-triplet 1: 1000 rows, 1000 positives, 1000 negatives, 0 others",
        "triplets-llm-generated.jsonl.gz": "st-triplet 1: 2995 rows, 2995 positives, 2995 negatives, 0 others",
      }
    `);
    });
  },
);
