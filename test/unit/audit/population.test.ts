import { expect, test } from "vitest";
import { currentAudit, datasetName, loadAudits, nextAuditNumber, saveAudit } from "#core/audit/auditFiles";
import { newPopulation, populationText, readPopulation } from "#core/audit/population";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { sha256 } from "../../support/sha256";
import { pairsOf, populationOf, SALT } from "./auditFixture";

const population = populationOf([
  { query: "b", document: "2", source: "bm25" },
  { query: "a", document: "9", source: "simans" },
  { query: "a", document: "1", source: 'a "name" of, a source' },
  { query: "a", document: "9", source: "bm25" },
]);

test("a population is sorted, holds each pair once, and hashes the names of its pairs", () => {
  expect(population.pairs.map(({ query, document }) => query + document)).toEqual(["a1", "a9", "b2"]);
  expect(population.pairs[1]?.source).toBe("simans");
  expect(population.name).toBe("002-00112233");
  expect(population.hash).toBe(sha256("a 1\na 9\nb 2\n"));
});

test("its file has one pair a line, and reading it gives the population back", () => {
  expect(populationText(population)).toMatchInlineSnapshot(`
    "{
     "name": "002-00112233",
     "salt": "00112233445566778899aabbccddeeff",
     "begun": "2026-01-01T00:00:00Z",
     "author": "Ada",
     "tool": "test",
     "config_hash": "c0ffee",
     "model": "letters",
     "dataset": "train.jsonl",
     "hash": "66f13db845cb86a8f5511dabbc6a0d494d05f2b909cf72837f81dffb01a560d5",
     "sources": [
      "a \\"name\\" of, a source",
      "bm25",
      "simans"
     ],
     "pairs": [
     "a 1 0",
     "a 9 2",
     "b 2 1"
     ]
    }
    "
  `);
  expect(readPopulation("audit.json", populationText(population), sha256)).toEqual({ ok: true, value: population });
  const empty = populationOf([]);
  expect(readPopulation("audit.json", populationText(empty), sha256)).toEqual({ ok: true, value: empty });
});

test("a file that is not as it was written is refused with the place at fault", () => {
  const text = populationText(population);
  const said = (changed: string): string => {
    const read = readPopulation(".nearmiss/audits/x.json", changed, sha256);
    return read.ok ? "read" : read.failure.message;
  };
  expect([
    said(text.slice(0, -9)),
    said("[]"),
    said(text.replace(SALT, "XYZ")),
    said(text.replace(' "a 9 2",\n', "")),
    said(text.replace("a 9 2", "a 9 7")),
    said(text.replace("a 9 2", "a 9 2 2")),
    said(text.replace("a 1 0", "c 1 0")),
    said(text.replace('"author": "Ada"', '"author": 3')),
  ]).toMatchInlineSnapshot(`
    [
      "The audit cannot be read. It is not JSON; a merge may have left its marks in it.",
      "The audit cannot be read. "name" is missing.",
      "The audit cannot be read. "salt" must be 32 hexadecimal digits.",
      "The audit cannot be read. Its pairs are not those that its hash names.",
      "The audit cannot be read. Pair 2 is not two keys and a source, in the order of the keys.",
      "The audit cannot be read. Pair 2 is not two keys and a source, in the order of the keys.",
      "The audit cannot be read. Pair 2 is not two keys and a source, in the order of the keys.",
      "The audit cannot be read. "author" must be a text.",
    ]
  `);
});

test("the audits of a project: the newest of a data set goes on, a damaged one is reported and left out", async () => {
  const home = new InMemoryHomeFiles({ "audits/broken.json": "<<<<<<<", "audits/notes.txt": "x" });
  const made = (number: number, salt: string, dataset: string) =>
    newPopulation({ ...population, number, salt: salt.repeat(32), dataset, pairs: pairsOf(1, 2) }, sha256);
  for (const audit of [
    made(10, "b", "train.jsonl"),
    made(9, "f", "train.jsonl"),
    made(10, "a", "train.jsonl"),
    made(11, "0", "other.jsonl"),
  ])
    expect(await saveAudit(home, audit)).toEqual({ ok: true, value: null });
  const loaded = await loadAudits(home, sha256);
  const { audits, problems } = loaded.ok ? loaded.value : { audits: [], problems: [] };
  expect(audits.map(({ name }) => name)).toEqual(["009-ffffffff", "010-aaaaaaaa", "010-bbbbbbbb", "011-00000000"]);
  expect(problems.map(({ place }) => place?.file)).toEqual([".nearmiss/audits/broken.json"]);
  expect(currentAudit(audits, "train.jsonl")?.name).toBe("010-bbbbbbbb");
  expect(currentAudit(audits, "absent.jsonl")).toBeUndefined();
  expect([nextAuditNumber(audits), nextAuditNumber([])]).toEqual([12, 1]);
  expect(await loadAudits(new InMemoryHomeFiles(), sha256)).toEqual({ ok: true, value: { audits: [], problems: [] } });
});

test("a data set is called by the name of its file or folder", () => {
  expect(["/data/train.jsonl", "C:\\data\\nq\\", "x"].map(datasetName)).toEqual(["train.jsonl", "nq", "x"]);
});
