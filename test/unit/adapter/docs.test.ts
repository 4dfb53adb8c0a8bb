/** What the guide to adapters shows is what is written and read. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { identityAdapter } from "#core/adapter/adapter";
import { adapterFolder, writeAdapter } from "#core/adapter/adapterFiles";
import { decodeSafetensors } from "#core/adapter/safetensors";
import { parseConfig } from "#core/config/parseConfig";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { repoRoot } from "../../support/repoRoot";
import { exampleCard } from "./exampleCard";

const guide = readFileSync(path.join(repoRoot, "docs/adapters.md"), "utf8");
const snippets = (language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gmsu"))].map((match) => match[1] ?? "");

test("its configurations are in force as a whole, one with the adapter and one without", () => {
  const adapters = snippets("json").map((text) => {
    const read = parseConfig(text);
    return read.ok ? read.value.model.adapter : read.failure.message;
  });
  expect(adapters).toEqual(["train-1", null]);
});

test("its folder holds the files that are written", async () => {
  const home = new InMemoryHomeFiles();
  await writeAdapter(home, "train-1", identityAdapter(3, "query"), exampleCard);
  const [listing = ""] = snippets("text");
  const shown = [...listing.matchAll(/^ {2}(\S+)/gmu)].map((match) => match[1] ?? "");
  expect(listing.startsWith(`.nearmiss/${adapterFolder("train-1")}/\n`)).toBe(true);
  expect([...home.files.keys()].sort()).toEqual(shown.map((name) => `${adapterFolder("train-1")}/${name}`).sort());
});

test("its Python names the folder and the tensor that are there", async () => {
  const home = new InMemoryHomeFiles();
  await writeAdapter(home, "train-1", identityAdapter(3, "query"), exampleCard);
  const python = snippets("python");
  const paths = python.flatMap((text) =>
    [...text.matchAll(/(?:load|load_file)\("\.nearmiss\/([^"]+)"\)/gu)].map((match) => match[1] ?? ""),
  );
  const files = [...home.files.keys()];
  expect(paths).toEqual(["adapters/train-1", "adapters/train-1", "adapters/train-1/model.safetensors"]);
  expect(paths.filter((name) => !files.some((file) => file === name || file.startsWith(`${name}/`)))).toEqual([]);
  const tensors = decodeSafetensors(home.files.get("adapters/train-1/model.safetensors") ?? new Uint8Array());
  expect(tensors.ok && [...tensors.value.keys()]).toEqual(["linear.weight"]);
  expect(python.at(-1)).toContain('["linear.weight"]');
});

test("the keys of config.json are parameters of Dense in every version, and its activation is one that it trusts", async () => {
  const home = new InMemoryHomeFiles();
  await writeAdapter(home, "train-1", identityAdapter(3, "query"), exampleCard);
  const config = JSON.parse(home.text("adapters/train-1/config.json") ?? "") as Readonly<Record<string, unknown>>;
  // sentence_transformers 2 to 5, `Dense.__init__`; from 5.4 on only activations below "torch." are loaded.
  expect(config).toEqual({ in_features: 3, out_features: 3, bias: false, activation_function: "torch.nn.modules.linear.Identity" });
});
