/** An adapter that the built command line trains on the bundled sample, and what it then says of it. */
import { execFile } from "node:child_process";
import { cpSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { AdapterCard } from "#core/adapter/adapterCard";
import { scratchFolder } from "../runtime/store/scratchFolder";
import { repoRoot } from "../support/repoRoot";

const run = promisify(execFile);
const sample = path.join(repoRoot, "extension/sample");
const cacheFolder = path.join(repoRoot, ".cache/test/sampler-vectors");

async function nearmiss(folder: string, ...argv: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return run(process.execPath, [path.join(repoRoot, "dist/cli.cjs"), ...argv], {
    cwd: folder,
    env: { ...process.env, NEARMISS_CACHE: cacheFolder },
    maxBuffer: 16 * 1024 ** 2,
  });
}

/** The sample in a folder of its own, with an adapter trained for two epochs. */
async function trained(): Promise<{ readonly folder: string; readonly adapter: string }> {
  const folder = scratchFolder({ ".nearmiss/config.json": "{}" });
  for (const file of ["train.jsonl", "corpus.jsonl"]) cpSync(path.join(sample, file), path.join(folder, file));
  await nearmiss(folder, "train", "train.jsonl", "--set", "training.num_train_epochs=2");
  const [adapter = ""] = readdirSync(path.join(folder, ".nearmiss/adapters"));
  return { folder, adapter };
}

test("evaluate finds on the held-out queries what the card says, and says which queries it was trained on", async () => {
  const { folder, adapter } = await trained();
  const card = JSON.parse(readFileSync(path.join(folder, ".nearmiss/adapters", adapter, "card.json"), "utf8")) as AdapterCard;
  const held = await nearmiss(folder, "evaluate", "train.jsonl", "--adapter", adapter, "--held-out", "--json");
  const { queries, measures, sentence, is_gain: isGain } = JSON.parse(held.stdout) as Readonly<Record<string, unknown>>;
  expect(card.comparison).not.toBeNull();
  expect({ queries, metrics: measures, sentence, isGain }).toEqual(card.comparison);
  expect(queries).toBe(card.data.test_queries);
  const all = await nearmiss(folder, "evaluate", "train.jsonl", "--adapter", adapter);
  const seen = card.data.train_queries + card.data.validation_queries;
  expect(all.stdout).toContain(`${String(seen)} queries of these trained it or decided when it stopped, so the gain is overstated.`);
});

test("the same data, configuration and seed give the same adapter, byte for byte", async () => {
  const [one, other] = [await trained(), await trained()];
  const files = ["card.json", "config.json", "model.safetensors"];
  const bytes = ({ folder, adapter }: typeof one): readonly string[] =>
    files.map((file) => readFileSync(path.join(folder, ".nearmiss/adapters", adapter, file)).toString("base64"));
  expect(readdirSync(path.join(one.folder, ".nearmiss/adapters", one.adapter)).sort()).toEqual(files);
  expect(bytes(one)).toEqual(bytes(other));
});
