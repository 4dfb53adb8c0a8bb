import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import { configHash } from "#core/config/configHash";
import { configJsonSchema } from "#core/config/jsonSchema";
import { configReference } from "#core/config/reference";
import { nearestName, settings, slotAt } from "#core/config/settings";
import { sha256 } from "../../support/sha256";

test("every setting has a description, and every setting but checks and $schema a default", () => {
  const others = settings().filter(({ path }) => path[0] !== "checks" && path[0] !== "$schema");
  expect(others.filter((setting) => setting.description === "" || setting.default === undefined)).toEqual([]);
  expect(others.length).toBeGreaterThan(20);
});

test("the reference has a row for each setting", () => {
  const rows = configReference().split("\n");
  expect(rows.slice(0, 4)).toMatchInlineSnapshot(`
    [
      "| Setting | Values | Default | Meaning |",
      "|---|---|---|---|",
      "| \`data.format\` | "auto", "flagembedding", "st-pair", "st-triplet", "st-n-tuple", "st-labeled-pair", "st-labeled-list", "tevatron", "beir", "corpus" | \`"auto"\` | Format of the training set; auto looks at the records. |",
      "| \`data.corpus\` | a text, or null | \`null\` | Corpus file to mine from, relative to the folder that holds .nearmiss. Without it the file's own passages are the corpus, and a corpus.jsonl beside the training set is used when there is one. |",
    ]
  `);
  expect(rows.find((row) => row.includes("sampler.near_duplicate_overlap"))).toMatchInlineSnapshot(
    `"| \`sampler.near_duplicate_overlap\` | a number, at least 0, at most 1, above 0, or null | \`0.8\` | Drop candidates that share at least this part of their three-word shingles with a positive (Jaccard). null switches the rule off. |"`,
  );
});

test("lists are one setting, described by what their entries hold", () => {
  const lists = settings().filter(({ isList }) => isList);
  expect(lists.map(({ path, allowed, default: byDefault }) => [path.join("."), allowed, byDefault])).toMatchInlineSnapshot(`
    [
      [
        "sampler.mix",
        "a list of objects with source, n; may have draw, range_min, range_max, range_after_filters, max_score, min_score, margin_anchor, absolute_margin, relative_margin, max_positive_similarity, max_fn_probability, near_duplicate_similarity, near_duplicate_overlap, near_query_similarity, near_query_overlap, diversity_similarity, diversity_overlap, where, simans, rescore, or null",
        null,
      ],
      [
        "sampler.where",
        "a list of objects with field; may have equals, in, prefix",
        [],
      ],
    ]
  `);
  expect(slotAt(["sampler", "mix", 3, "where", 0, "in"])).toMatchObject({
    kind: "setting",
    setting: { allowed: "a list, each a text, a number, true, false" },
  });
  expect(slotAt(["sampler", "mix", 0, "simans"])).toEqual({ kind: "group", names: ["a", "b", "kernel", "anchor", "axis"] });
  expect([slotAt(["sampler", "seed", "x"]), slotAt(["sampler", 0]), slotAt(["toString"])]).toEqual([undefined, undefined, undefined]);
});

test("the JSON schema knows the entries of lists", () => {
  const schema = configJsonSchema();
  const properties = "properties.sampler.properties";
  expect(schema).toHaveProperty(`${properties}.where.items.required`, ["field"]);
  expect(schema).toHaveProperty(`${properties}.mix.anyOf[0].items.required`, ["source", "n"]);
  expect(schema).toHaveProperty(`${properties}.mix.anyOf[0].items.additionalProperties`, false);
  expect(schema).toHaveProperty(`${properties}.mix.anyOf[0].items.properties.relative_margin.description`);
});

test("the JSON schema refuses unknown keys and carries descriptions and defaults for hover and completion", () => {
  const schema = JSON.stringify(configJsonSchema());
  expect(schema).toContain('"additionalProperties":false');
  expect(configJsonSchema()).toHaveProperty("properties.sampler.properties.relative_margin.default", 0.05);
  expect(configJsonSchema()).toHaveProperty("properties.sampler.properties.relative_margin.description");
});

test("mistyped names find the name that was meant", () => {
  expect(nearestName("num_negativs", ["seed", "num_negatives"])).toBe("num_negatives");
  expect(nearestName("Sede", ["seed", "num_negatives"])).toBe("seed");
  expect(nearestName("colour", ["seed", "num_negatives"])).toBeUndefined();
});

test("the hash follows what decides which negatives come out, and nothing else", () => {
  const hash = configHash(defaultConfig, sha256);
  const reordered = Object.fromEntries(Object.entries(defaultConfig.sampler).reverse()) as typeof defaultConfig.sampler;
  expect(hash).toMatch(/^[0-9a-f]{16}$/u);
  expect(
    configHash(
      { ...defaultConfig, sampler: reordered, checks: { HN106: "off" }, export: { output_scores: true, scores: "teacher" } },
      sha256,
    ),
  ).toBe(hash);
  expect(configHash({ ...defaultConfig, sampler: { ...defaultConfig.sampler, seed: 43 } }, sha256)).not.toBe(hash);
  expect(configHash({ ...defaultConfig, model: { ...defaultConfig.model, query_prompt: "q: " } }, sha256)).not.toBe(hash);
});

test("the order of a mix decides which negatives come out", () => {
  const mixed = (...sources: readonly ("top" | "random")[]) =>
    configHash({ ...defaultConfig, sampler: { ...defaultConfig.sampler, mix: sources.map((source) => ({ source, n: 1 })) } }, sha256);
  expect(mixed("top", "random")).not.toBe(mixed("random", "top"));
});
