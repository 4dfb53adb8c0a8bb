import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { LogLevel } from "#core/ports";
import { digestOf, pairKey, ScoreCache } from "../../../server/runtime/vectors/scoreCache";
import { ScoreJournal } from "../../../server/runtime/vectors/scoreJournal";
import { temporaryFolder } from "./fixture";

const FINGERPRINT = "ab".repeat(32);
const key = (query: string, document: string, rescorer = FINGERPRINT) => pairKey(rescorer, digestOf(query), digestOf(document));

function journalIn(folder: string, log: (level: LogLevel, message: string) => void = () => undefined): ScoreJournal {
  return new ScoreJournal({ folder, fingerprint: FINGERPRINT, log });
}

function onlyFile(folder: string): string {
  const scores = path.join(folder, "scores", FINGERPRINT.slice(0, 32));
  const [name, ...others] = fs.readdirSync(scores);
  expect(others).toEqual([]);
  return path.join(scores, name!);
}

test("keys differ by rescorer, query, document and their order, and by lone surrogates", () => {
  const keys = [key("a", "b"), key("b", "a"), key("ab", ""), key("", "ab"), key("a", "b", "cd"), key("\ud800", ""), key("\ud801", "")];
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.every((one) => one.length === 16)).toBe(true);
});

test("pairs that were not asked for longest are forgotten", () => {
  const cache = new ScoreCache(2);
  for (const [i, name] of ["a", "b", "c", "d"].entries()) cache.add([{ key: key(name, ""), score: i }]);
  // "a" is asked for again, which moves it to the young ones; "b" was not.
  expect(cache.get(key("a", ""))).toBe(0);
  expect(cache.get(key("b", ""))).toBeUndefined();
  expect(["d", "a"].map((name) => cache.get(key(name, "")))).toEqual([3, 0]);
});

test("scores of another process are found, the same bits", () => {
  const folder = temporaryFolder();
  const scores = [
    { key: key("a", "b"), score: Math.fround(-3.7) },
    { key: key("a", "c"), score: 0 },
  ];
  journalIn(folder).append(scores);
  journalIn(folder).append([{ key: key("a", "d"), score: 1 }]);
  const found = [...journalIn(folder).read(10)].sort((one, other) => one.score - other.score);
  expect(found).toEqual([...scores, { key: key("a", "d"), score: 1 }]);
  expect(journalIn(folder).read(2)).toHaveLength(2);
});

test("half a record, zeros and a flipped bit do not count", () => {
  const folder = temporaryFolder();
  const journal = journalIn(folder);
  journal.append(["a", "b", "c"].map((name, i) => ({ key: key(name, ""), score: i + 0.5 })));
  journal.close();
  const file = onlyFile(folder);
  const bytes = fs.readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(24 + 17) ^ 4, 24 + 17);
  fs.writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(48), bytes.subarray(0, 20)]));
  expect(journalIn(folder).read(10)).toEqual([
    { key: key("a", ""), score: 0.5 },
    { key: key("c", ""), score: 2.5 },
  ]);
});

test("a disk that refuses is reported once", () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, "scores"), "a file where the folder should be");
  const messages: string[] = [];
  const journal = journalIn(folder, (level, message) => messages.push(`${level}: ${message}`));
  journal.append([{ key: key("a", ""), score: 1 }]);
  journal.append([{ key: key("b", ""), score: 1 }]);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(/^warn: Scores can no longer be kept in .*Work goes on; pairs are scored again next time\.$/);
});
