import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { FileHashes } from "../../../server/runtime/vectors/fileHashes";
import { findModel } from "../../../server/runtime/vectors/modelFolder";
import { SentenceEncoder } from "../../../server/runtime/vectors/sentenceEncoder";
import { builtModels } from "../../support/buildVectorProcess";
import { EMBEDDED, failureOf, temporaryFolder, valueOf } from "./fixture";

const MODEL = path.join(builtModels(), "all-MiniLM-L6-v2");

function places(folder: string) {
  return { modelsFolder: builtModels(), baseFolder: folder, cacheFolder: path.join(folder, "cache") };
}

/** The model of the package under another name, with files added, replaced, or (null) removed. */
function modelFolder(changes: Readonly<Record<string, string | null>>): string {
  const folder = temporaryFolder();
  fs.cpSync(MODEL, path.join(folder, "model"), { recursive: true });
  for (const [name, content] of Object.entries(changes)) {
    const file = path.join(folder, "model", name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (content === null) fs.rmSync(file);
    else fs.writeFileSync(file, content);
  }
  return folder;
}

async function find(folder: string, choice: Partial<typeof EMBEDDED>) {
  const found = await findModel({ ...EMBEDDED, ...choice }, places(folder), new FileHashes(undefined));
  return found.ok
    ? found
    : { ok: false as const, failure: { ...found.failure, message: found.failure.message.replaceAll(folder, "BASE") } };
}

test.each(["./model", "model", "ABSOLUTE"])("a folder is found as %s", async (id) => {
  const folder = modelFolder({});
  const { maxTokens, pooling } = valueOf(await find(folder, { id: id === "ABSOLUTE" ? path.join(folder, "model") : id }));
  expect({ maxTokens, pooling }).toEqual({ maxTokens: 256, pooling: "mean" });
});

test("sentence-transformers' settings for pooling and length are followed", async () => {
  const folder = modelFolder({
    "1_Pooling/config.json": '{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}',
    "sentence_bert_config.json": '{"max_seq_length": 128}',
  });
  expect(valueOf(await find(folder, { id: "./model" }))).toMatchObject({ pooling: "cls", maxTokens: 128 });
});

test("the fingerprint is that of the files, not of their place, and differs by precision", async () => {
  const id = "./model";
  const original = valueOf(await find(modelFolder({}), { id })).fingerprint;
  expect(valueOf(await find(modelFolder({}), { id })).fingerprint).toBe(original);
  expect(valueOf(await find(modelFolder({}), { id, precision: "int8" })).fingerprint).not.toBe(original);
  expect(valueOf(await find(modelFolder({ "onnx/model.onnx": "other" }), { id })).fingerprint).not.toBe(original);
  expect(valueOf(await find(modelFolder({ "sentence_bert_config.json": '{"max_seq_length": 128}' }), { id })).fingerprint).not.toBe(
    original,
  );
});

describe("refused:", () => {
  test.each([
    ["a folder that is not there", {}, { id: "./none" }, "There is no model folder BASE/none."],
    [
      "no tokenizer",
      { "tokenizer.json": null },
      {},
      "The folder BASE/model is not a model in the Xenova layout: it has no tokenizer.json.",
    ],
    [
      "no file of this precision",
      { "onnx/model_quantized.onnx": null },
      { precision: "int8" as const },
      "The folder BASE/model is not a model in the Xenova layout: it has no onnx/model_quantized.onnx.",
    ],
    ["settings that are not JSON", { "config.json": "{" }, {}, "The model's file BASE/model/config.json is not a JSON object."],
    [
      "another pooling",
      { "1_Pooling/config.json": '{"pooling_mode_lasttoken": true}' },
      {},
      "The model in BASE/model pools its tokens by pooling_mode_lasttoken; mean and cls pooling are supported.",
    ],
    [
      "a hub model that is not here",
      {},
      { id: "Xenova/bge-small-en-v1.5" },
      'The model "Xenova/bge-small-en-v1.5" is not on this machine (looked in BASE/cache/models/Xenova/bge-small-en-v1.5).',
    ],
    ["neither path nor hub id", {}, { id: "gpt 4" }, "There is no model folder BASE/gpt 4."],
  ])("%s", async (_, changes, choice, message) => {
    const failure = failureOf(await find(modelFolder(changes), { id: "./model", ...choice }));
    expect(failure.message).toBe(message);
    expect(failure.nextStep).toBeTruthy();
  });

  test.each([
    ["a broken model file", { "onnx/model.onnx": "not a model" }, /^The model in .* cannot be loaded from .*model\.onnx: /],
    ["a broken tokenizer", { "tokenizer.json": "{}" }, /^The model in .* has a tokenizer that cannot be loaded: /],
  ])("%s", async (_, changes, message) => {
    const model = valueOf(await find(modelFolder(changes), { id: "./model" }));
    expect(failureOf(await SentenceEncoder.open(model, 1))).toMatchObject({
      reason: "bad-model",
      message: expect.stringMatching(message) as string,
    });
  });
});

describe("a hub model", () => {
  test("is fetched when the user allows it, kept, and then found without network", async () => {
    const folder = temporaryFolder();
    const asked = await serveHub((name) => (fs.existsSync(path.join(MODEL, name)) ? fs.readFileSync(path.join(MODEL, name)) : undefined));
    const choice = { id: "some/model", allowDownload: true };
    const fetched = valueOf(await find(folder, choice));
    expect(fetched.maxTokens).toBe(256);
    expect(asked.splice(0)).toEqual([
      "1_Pooling/config.json",
      "sentence_bert_config.json",
      "config.json",
      "tokenizer.json",
      "tokenizer_config.json",
      "onnx/model.onnx",
    ]);
    valueOf(await find(folder, { ...choice, allowDownload: false }));
    expect(asked).toEqual([]);
  });

  test("that the hub does not have is named with the address", async () => {
    await serveHub(() => undefined);
    const { message } = failureOf(await find(temporaryFolder(), { id: "some/model", allowDownload: true }));
    expect(message).toMatch(/^The model "some\/model" cannot be fetched: http:.*config\.json answers 404 Not Found\.$/);
  });

  test("without network gives the reason", async () => {
    vi.stubEnv("HF_ENDPOINT", "http://127.0.0.1:9");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { message, nextStep } = failureOf(await find(temporaryFolder(), { id: "some/model", allowDownload: true }));
    expect(message).toMatch(/^The model "some\/model" cannot be fetched: .+ \(http:\/\/127\.0\.0\.1:9\/some\/model\/resolve\/main\//);
    expect(nextStep).toBe("Check the network, or set model.id to a folder on this machine.");
  });
});

/** A hub on this machine; the list fills with the files asked for. */
async function serveHub(content: (name: string) => Buffer | undefined): Promise<string[]> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const name = request.url!.replace("/some/model/resolve/main/", "");
    asked.push(name);
    const bytes = content(name);
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("HF_ENDPOINT", `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  onTestFinished(() => {
    server.close();
    vi.unstubAllEnvs();
  });
  return asked;
}
