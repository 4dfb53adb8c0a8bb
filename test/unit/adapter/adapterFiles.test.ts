import { expect, test } from "vitest";
import type { Adapter } from "#core/adapter/adapter";
import { identityAdapter } from "#core/adapter/adapter";
import { placeless } from "#core/adapter/adapterCard";
import { adapterNames, readAdapter, writeAdapter } from "#core/adapter/adapterFiles";
import { encodeSafetensors } from "#core/adapter/safetensors";
import { failureText } from "#core/util/failure";
import type { Result } from "#core/util/result";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { exampleCard } from "./exampleCard";

const adapter: Adapter = { ...identityAdapter(3, "query"), weight: Float32Array.of(1, 0.5, 0, 0, 1, 0, 0, 0, 1) };
const card = exampleCard;
const encoder = { dimensions: 3, fingerprint: "f".repeat(64) };

async function homeWith(changes: Readonly<Record<string, string | Uint8Array | undefined>> = {}): Promise<InMemoryHomeFiles> {
  const home = new InMemoryHomeFiles();
  expect(await writeAdapter(home, "first", adapter, card)).toEqual({ ok: true, value: null });
  for (const [name, content] of Object.entries(changes)) {
    if (content === undefined) home.files.delete(`adapters/first/${name}`);
    else home.files.set(`adapters/first/${name}`, Buffer.from(content));
  }
  return home;
}

const said = (result: Result<unknown>): string => (result.ok ? "ok" : `${result.failure.reason}: ${failureText(result.failure)}`);

test("an adapter is a folder that sentence-transformers' Dense loads, with a card", async () => {
  const home = await homeWith();
  expect([...home.files.keys()].sort()).toEqual([
    "adapters/first/card.json",
    "adapters/first/config.json",
    "adapters/first/model.safetensors",
  ]);
  expect(home.text("adapters/first/config.json")).toMatchInlineSnapshot(`
    "{
      "in_features": 3,
      "out_features": 3,
      "bias": false,
      "activation_function": "torch.nn.modules.linear.Identity"
    }
    "
  `);
  expect(home.text("adapters/first/card.json")).toMatchInlineSnapshot(`
    "{
      "version": 1,
      "tool": "nearmiss 0.0.0",
      "base_model": {
        "id": "all-MiniLM-L6-v2",
        "fingerprint": "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "dimensions": 3,
        "query_prompt": "",
        "corpus_prompt": ""
      },
      "sides": "query",
      "rank": null,
      "data": {
        "name": "train.jsonl",
        "qrels_split": null,
        "train_queries": 6,
        "validation_queries": 2,
        "test_queries": 1
      },
      "training": {
        "temperature": 0.05,
        "seed": 42,
        "validation_share": 0.15,
        "test_share": 0.25
      },
      "config_hash": "0123456789abcdef",
      "comparison": {
        "queries": 1,
        "metrics": [
          {
            "name": "nDCG@10",
            "frozen": 0.5,
            "adapted": 0.5,
            "difference": 0,
            "low": 0,
            "high": 0
          },
          {
            "name": "MRR@10",
            "frozen": 0.5,
            "adapted": 0.5,
            "difference": 0,
            "low": 0,
            "high": 0
          },
          {
            "name": "recall@100",
            "frozen": 1,
            "adapted": 1,
            "difference": 0,
            "low": 0,
            "high": 0
          }
        ],
        "sentence": "Too few queries to tell: 0.0000 nDCG@10 over 1 query, and at least 10 are needed for an interval.",
        "isGain": false
      }
    }
    "
  `);
});

test("what was written is read again, and the same adapter gives the same bytes", async () => {
  const home = await homeWith();
  expect(await readAdapter(home, "first", encoder)).toEqual({ ok: true, value: { adapter, card } });
  expect((await homeWith()).files).toEqual(home.files);
});

test("only folders with weights are adapters", async () => {
  const home = await homeWith();
  home.files.set("adapters/second/card.json", Buffer.from("{}"));
  home.files.set("adapters/another/model.safetensors", Buffer.from(""));
  expect(await adapterNames(home)).toEqual({ ok: true, value: ["another", "first"] });
  expect(await adapterNames(new InMemoryHomeFiles())).toEqual({ ok: true, value: [] });
});

test("each reason why an adapter cannot be used is told, with what to do", async () => {
  const withTensor = (name: string, shape: readonly number[], values: readonly number[]): Uint8Array =>
    encodeSafetensors(new Map([[name, { shape, data: Float32Array.from(values) }]]));
  const square = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const changed = (change: object): string => JSON.stringify({ ...card, ...change });
  const answers = {
    missing: await readAdapter(await homeWith(), "second", encoder),
    "missing, and no others": await readAdapter(new InMemoryHomeFiles(), "second", encoder),
    "no card": await readAdapter(await homeWith({ "card.json": undefined }), "first"),
    "a card that is no JSON": await readAdapter(await homeWith({ "card.json": "{" }), "first"),
    "another card": await readAdapter(await homeWith({ "card.json": "[]" }), "first"),
    "a card of later": await readAdapter(await homeWith({ "card.json": changed({ version: 2 }) }), "first"),
    "a card with an odd model": await readAdapter(
      await homeWith({ "card.json": changed({ base_model: { ...card.base_model, dimensions: 0 } }) }),
      "first",
    ),
    "cut off": await readAdapter(
      await homeWith({ "model.safetensors": withTensor("linear.weight", [3, 3], square).slice(0, -1) }),
      "first",
    ),
    "another tensor": await readAdapter(await homeWith({ "model.safetensors": withTensor("weight", [3, 3], square) }), "first"),
    "another shape": await readAdapter(await homeWith({ "model.safetensors": withTensor("linear.weight", [9], square) }), "first"),
    NaN: await readAdapter(
      await homeWith({ "model.safetensors": withTensor("linear.weight", [3, 3], square.with(4, Number.NaN)) }),
      "first",
    ),
    "other dimensions": await readAdapter(await homeWith(), "first", { ...encoder, dimensions: 384 }),
    "another encoder": await readAdapter(await homeWith(), "first", { ...encoder, fingerprint: "0".repeat(64) }),
  };
  expect(Object.fromEntries(Object.entries(answers).map(([what, answer]) => [what, said(answer)]))).toMatchInlineSnapshot(`
    {
      "NaN": "bad-model: .nearmiss/adapters/first/model.safetensors: Its matrix has a number that is not finite, NaN, at position 4. Set model.adapter to null, or train the adapter again.",
      "a card of later": "bad-model: .nearmiss/adapters/first/card.json: The card is not one of Nearmiss: version is not as expected (Invalid type: Expected 1 but received 2). Set model.adapter to null, or train the adapter again.",
      "a card that is no JSON": "bad-model: .nearmiss/adapters/first/card.json: The card is not JSON. Set model.adapter to null, or train the adapter again.",
      "a card with an odd model": "bad-model: .nearmiss/adapters/first/card.json: The card is not one of Nearmiss: base_model.dimensions is not as expected (Invalid value: Expected >=1 but received 0). Set model.adapter to null, or train the adapter again.",
      "another card": "bad-model: .nearmiss/adapters/first/card.json: The card is not one of Nearmiss: version is not as expected (Invalid key: Expected "version" but received undefined). Set model.adapter to null, or train the adapter again.",
      "another encoder": "bad-model: .nearmiss/adapters/first: The adapter was made for another encoder, "all-MiniLM-L6-v2", or for another version or precision of the same. Set model.adapter to null, or go back to the encoder that it was made for.",
      "another shape": "bad-model: .nearmiss/adapters/first/model.safetensors: "linear.weight" has the shape [9], but its card says [3, 3]. Set model.adapter to null, or train the adapter again.",
      "another tensor": "bad-model: .nearmiss/adapters/first/model.safetensors: It has no tensor "linear.weight". Set model.adapter to null, or train the adapter again.",
      "cut off": "bad-model: .nearmiss/adapters/first/model.safetensors: Its tensors take 36 bytes, but 35 follow the header: the file is cut off or has more at its end. Set model.adapter to null, or train the adapter again.",
      "missing": "missing-file: .nearmiss/adapters/second: There is no adapter here: model.safetensors is missing. Set model.adapter to null, or to one of first.",
      "missing, and no others": "missing-file: .nearmiss/adapters/second: There is no adapter here: model.safetensors is missing. Set model.adapter to null.",
      "no card": "bad-model: .nearmiss/adapters/first/card.json: The adapter has no card, which says what it was made for. Set model.adapter to null, or train the adapter again.",
      "other dimensions": "bad-model: .nearmiss/adapters/first: The adapter moves vectors of 3 numbers, but those of the encoder have 384: it was made for "all-MiniLM-L6-v2". Set model.adapter to null, or go back to the encoder that it was made for.",
    }
  `);
});

test("an adapter with NaN is not written, and the one before stays", async () => {
  const home = await homeWith();
  const before = new Map(home.files);
  const bad = { ...adapter, weight: adapter.weight.with(2, Number.NaN) };
  expect(said(await writeAdapter(home, "first", bad, card))).toMatchInlineSnapshot(
    `"bad-model: The adapter "first" was not kept: Its matrix has a number that is not finite, NaN, at position 2. Train again, for example with a lower training.learning_rate."`,
  );
  expect(home.files).toEqual(before);
});

test("a disk that is full is told", async () => {
  const home = new InMemoryHomeFiles();
  home.writeFailure = { reason: "disk", message: "No space is left." };
  expect(said(await writeAdapter(home, "first", adapter, card))).toBe("disk: No space is left.");
});

test("the card names a model or a data set without where it lies", () => {
  const ids = [
    "embedded",
    "Xenova/bge-small-en-v1.5",
    "/home/me/models/mine/",
    "./models/mine",
    "C:\\models\\mine",
    "~/mine",
    "train.jsonl",
  ];
  expect(ids.map(placeless)).toEqual(["embedded", "Xenova/bge-small-en-v1.5", "mine", "mine", "mine", "mine", "train.jsonl"]);
});
