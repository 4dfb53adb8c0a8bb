import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makeCertificate } from "#core/audit/makeCertificate";
import { upperBound } from "#core/audit/upperBound";
import { repoRoot } from "../../support/repoRoot";
import { sha256 } from "../../support/sha256";
import { folded, pairsOf, populationOf, verdict } from "./auditFixture";

const page = readFileSync(path.join(repoRoot, "docs/certificates.md"), "utf8");

/** The cells of the table that begins with this word. */
function tableOf(word: string): readonly (readonly string[])[] {
  const lines = page.slice(page.search(new RegExp(`\\| +${word} +\\|`, "u"))).split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  const cells = (line: string): readonly string[] =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  return lines.slice(2, end).map(cells);
}

test("the marks that are needed are those that the guide names", () => {
  const needed = (population: number, falseNegatives: number): number => {
    let marked = falseNegatives;
    while (upperBound({ population, marked, falseNegatives }, 0.95) > 0.05 * population) marked += 1;
    return marked;
  };
  const rows = [200, 500, 2000, 20_000].map((population) => [
    population.toLocaleString("en-US"),
    ...[0, 1, 2, 3].map((falseNegatives) => String(needed(population, falseNegatives))),
  ]);
  expect(tableOf("pairs")).toEqual(rows);
});

test("the guide names the members of a certificate, each once", () => {
  const pairs = pairsOf(2, 2);
  const marks = pairs.flatMap(({ query, document }) => [
    verdict("true_negative", query, document),
    verdict("true_negative", query, document, "bob"),
  ]);
  const made = makeCertificate(
    {
      tool: "t",
      created: "",
      population: populationOf(pairs),
      auditsBegun: 1,
      marks: folded(...marks),
      marksFolder: "",
      target: { maxFalseNegatives: 0.05, confidence: 0.95 },
      exported: { file: "f", format: "flagembedding", bytes: 1, sha256: "aa", unread_lines: 0, config_hash: "", model: "" },
      pairs: pairs.map((pair) => ({ ...pair, line: 1 })),
    },
    sha256,
  );
  const members = made.ok ? Object.keys(made.value) : [];
  const named = tableOf("Member").flatMap(([cell = ""]) => [...cell.matchAll(/`(\w+)`/gu)].map((match) => match[1] ?? ""));
  const plain = ["kind", "version", "tool", "created"];
  expect([...named, ...plain].sort()).toEqual([...members].sort());
});
