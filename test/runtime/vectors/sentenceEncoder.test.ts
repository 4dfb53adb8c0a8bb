import path from "node:path";
import { describe, expect, test } from "vitest";
import { batchPlan } from "../../../server/runtime/vectors/batchPlan";
import { FileHashes } from "../../../server/runtime/vectors/fileHashes";
import { findModel } from "../../../server/runtime/vectors/modelFolder";
import { SentenceEncoder } from "../../../server/runtime/vectors/sentenceEncoder";
import { builtModels } from "../../support/buildVectorProcess";
import { EMBEDDED, valueOf } from "./fixture";

const CLS = 101;
const SEP = 102;

const opened = (async () => {
  const places = { modelsFolder: builtModels(), baseFolder: path.sep };
  const model = valueOf(await findModel(EMBEDDED, places, new FileHashes(undefined)));
  return valueOf(await SentenceEncoder.open(model, 1));
})();

describe("tokens", () => {
  test.each([
    ["an empty text", "", 2],
    ["a short text", "blue whale", 4],
    ["text of just the limit", "blue ".repeat(254), 256],
    ["one word too many", "blue ".repeat(255), 256],
    ["a long text", "blue ".repeat(400), 256],
    ["10 MB", "blue whale ".repeat(1e6), 256],
    ["Chinese without spaces", "蓝".repeat(20_000), 256],
    ["one endless word", "x".repeat(50_000), 3],
    ["a long stretch of spaces", `${" ".repeat(50_000)}blue`, 3],
    ["a lone surrogate", "blue \ud800 whale", 4],
  ])("%s begins with [CLS] and ends with [SEP]", async (_, text, length) => {
    const ids = (await opened).tokenize(text);
    expect([ids[0], ids.at(-1), ids.length]).toEqual([CLS, SEP, length]);
  });

  test("cutting a long text keeps its beginning", async () => {
    const encoder = await opened;
    const text = Array.from({ length: 2000 }, (_, i) => `word ${String(i)}`).join(" ");
    const short = encoder.tokenize(text.slice(0, 300));
    expect(encoder.tokenize(text).slice(0, short.length - 2)).toEqual(short.slice(0, -2));
  });
});

test("fp32 vectors do not depend on the batch", async () => {
  const encoder = await opened;
  const texts = Array.from({ length: 12 }, (_, i) => encoder.tokenize("rotor wing blade stall ".repeat(1 + i * 5)));
  const together = await encoder.encode(texts);
  const alone = (await Promise.all(texts.map((ids) => encoder.encode([ids])))).flat();
  const differences = together.flatMap((vector, i) => Array.from(vector, (value, j) => Math.abs(value - alone[i]![j]!)));
  expect(Math.max(...differences)).toBeLessThan(1e-6);
});

test("batches hold texts of similar length and stay small", () => {
  const lengths = [200, 3, 256, 5, 4, 256, 6, 255, 254, 253, 252, 251, 250, 3];
  expect(batchPlan(lengths, false).map((batch) => batch.map((i) => lengths[i]))).toEqual([
    [3, 3, 4, 5, 6],
    [200, 250, 251, 252, 253, 254, 255, 256],
    [256],
  ]);
  expect(batchPlan([9, 3, 5], true)).toEqual([[1], [2], [0]]);
});
