/** What the guide to the samplers shows is what the schema allows. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parseConfig } from "#core/config/parseConfig";
import { CANDIDATE_SOURCES } from "#core/config/samplerSchema";
import { settings } from "#core/config/settings";
import { pathText } from "#core/config/settingPath";
import { repoRoot } from "../../support/repoRoot";

const guide = readFileSync(path.join(repoRoot, "docs/samplers.md"), "utf8");
const snippets = [...guide.matchAll(/^```json\n(.*?)^```$/gmsu)].map((match) => match[1] ?? "");

test("every snippet is a configuration that is in force as a whole", () => {
  expect(snippets.length).toBeGreaterThan(15);
  expect(snippets.map((text) => ({ text, read: parseConfig(text) })).filter(({ read }) => !read.ok)).toEqual([]);
});

test("every source has its section, and a snippet that asks it", () => {
  const asked = new Set(
    snippets.flatMap((text) => {
      const read = parseConfig(text);
      if (!read.ok) return [];
      const { mix, sampling_strategy } = read.value.sampler;
      return mix === null ? [sampling_strategy] : mix.map(({ source }) => source);
    }),
  );
  expect(CANDIDATE_SOURCES.filter((source) => !asked.has(source) || !guide.includes(`\n### ${source}\n`))).toEqual([]);
});

test("every setting of the sampler is named", () => {
  const names = settings()
    .filter(({ path: [group] }) => group === "sampler")
    .map(({ path: parts }) => pathText(parts));
  const isNamed = (name: string): boolean => new RegExp(`\\b${name.split(".").at(-1) ?? ""}\\b`, "u").test(guide);
  expect(names.filter((name) => !isNamed(name))).toEqual([]);
});
