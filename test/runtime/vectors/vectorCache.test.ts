import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { VectorCache } from "../../../server/runtime/vectors/vectorCache";
import { temporaryFolder } from "./fixture";

const FINGERPRINT = "ab".repeat(32);
const DIMENSIONS = 4;

/** A cache over a folder, with what it logged. */
function openCache(
  folder: string,
  kind: { readonly fingerprint?: string; readonly dimensions?: number } = {},
): { readonly cache: VectorCache; readonly logged: readonly string[] } {
  const logged: string[] = [];
  const cache = VectorCache.open({
    folder,
    fingerprint: FINGERPRINT,
    dimensions: DIMENSIONS,
    ...kind,
    log: (level, message) => logged.push(`${level} ${message.replaceAll(folder, "CACHE").replaceAll(/\d+-\d+-[0-9a-f]{8}/g, "SEGMENT")}`),
  });
  return { cache, logged };
}

/** A unit vector that differs for each number. */
function vectorOf(n: number): Float32Array {
  return Float32Array.of(Math.cos(n), Math.sin(n), 0, 0);
}

function append(cache: VectorCache, numbers: readonly number[]): void {
  cache.append(
    numbers.map((n) => cache.keyOf("", String(n))),
    numbers.map(vectorOf),
  );
}

/** Which of the numbers come back, each with its own vector. */
function found(cache: VectorCache, numbers: readonly number[]): readonly number[] {
  const vectors = cache.read(numbers.map((n) => cache.keyOf("", String(n))));
  return numbers.filter((n, i) => {
    const vector = vectors[i];
    if (vector !== undefined) expect(vector).toEqual(vectorOf(n));
    return vector !== undefined;
  });
}

function files(folder: string, ending: string): readonly string[] {
  const model = path.join(folder, "vectors", FINGERPRINT.slice(0, 32));
  return fs
    .readdirSync(model)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => path.join(model, name));
}

test("the dimensions of kept vectors are known before the model is loaded", () => {
  const folder = temporaryFolder();
  const known = (fingerprint: string): number | undefined => VectorCache.knownDimensions({ folder, fingerprint });
  expect(known(FINGERPRINT)).toBeUndefined();
  append(openCache(folder).cache, [1]);
  expect([known(FINGERPRINT), known("cd".repeat(32))]).toEqual([DIMENSIONS, undefined]);
  fs.writeFileSync(files(folder, ".keys")[0]!, "torn");
  expect(known(FINGERPRINT)).toBeUndefined();
});

test("what one process keeps, the next one finds", () => {
  const folder = temporaryFolder();
  const first = openCache(folder);
  append(first.cache, [1, 2, 3]);
  append(first.cache, [4]);
  expect(found(first.cache, [4, 1, 9, 3])).toEqual([4, 1, 3]);
  first.cache.close();
  const second = openCache(folder);
  expect(found(second.cache, [3, 9, 1, 2, 4])).toEqual([3, 1, 2, 4]);
  expect(second.logged).toEqual([]);
});

test("two writers at once do not disturb each other", () => {
  const folder = temporaryFolder();
  const one = openCache(folder);
  const two = openCache(folder);
  for (let n = 0; n < 100; n += 2) {
    append(one.cache, [n]);
    append(two.cache, [n + 1]);
  }
  const { cache } = openCache(folder);
  const all = Array.from({ length: 100 }, (_, n) => n);
  expect(found(cache, all)).toEqual(all);
});

test("prompt and text are kept apart in the key", () => {
  const { cache } = openCache(temporaryFolder());
  const keys = [
    cache.keyOf("a", "bc"),
    cache.keyOf("ab", "c"),
    cache.keyOf("", "\ud800"),
    cache.keyOf("", "\ud801"),
    cache.keyOf("", "\ufffd"),
  ];
  expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(keys.length);
});

describe("a torn tail is left out", () => {
  test.each([
    ["half a key", ".keys", 16],
    ["a key whose vector is missing", ".vec", 16],
    ["half a vector", ".vec", 8],
  ])("%s", (_, ending, cut) => {
    const folder = temporaryFolder();
    const writer = openCache(folder);
    append(writer.cache, [1, 2, 3]);
    writer.cache.close();
    const [file] = files(folder, ending);
    fs.truncateSync(file!, fs.statSync(file!).size - cut);
    expect(found(openCache(folder).cache, [1, 2, 3])).toEqual([1, 2]);
  });

  test("zeros that a power cut left in place of a vector", () => {
    const folder = temporaryFolder();
    const writer = openCache(folder);
    append(writer.cache, [1, 2]);
    writer.cache.close();
    const [file] = files(folder, ".vec");
    fs.writeFileSync(file!, Buffer.concat([fs.readFileSync(file!).subarray(0, 16), Buffer.alloc(16)]));
    expect(found(openCache(folder).cache, [1, 2])).toEqual([1]);
  });
});

describe("a file that is not usable is left alone and reported", () => {
  test.each([
    ["an empty file", "", "its header is not whole"],
    ["a foreign file", "x".repeat(500), "it belongs to another model or version"],
  ])("%s", (_, content, reason) => {
    const folder = temporaryFolder();
    const writer = openCache(folder);
    append(writer.cache, [1]);
    const foreign = path.join(path.dirname(files(folder, ".keys")[0]!), "foreign.keys");
    fs.writeFileSync(foreign, content);
    const { cache, logged } = openCache(folder);
    expect(found(cache, [1])).toEqual([1]);
    expect(logged).toEqual([`warn The cache file CACHE/vectors/${FINGERPRINT.slice(0, 32)}/foreign.keys is left out: ${reason}.`]);
    expect(fs.readFileSync(foreign, "utf8")).toBe(content);
  });

  test("a segment without its vectors", () => {
    const folder = temporaryFolder();
    append(openCache(folder).cache, [1]);
    fs.rmSync(files(folder, ".vec")[0]!);
    const { cache, logged } = openCache(folder);
    expect(found(cache, [1])).toEqual([]);
    expect(logged).toHaveLength(1);
  });

  test("vectors of other dimensions", () => {
    const folder = temporaryFolder();
    append(openCache(folder).cache, [1]);
    const { cache, logged } = openCache(folder, { dimensions: 8 });
    expect(cache.size).toBe(0);
    expect(logged[0]).toContain("it belongs to another model or version");
  });
});

test("where nothing can be written, work goes on and is told once", () => {
  const folder = path.join(temporaryFolder(), "not-a-folder");
  fs.writeFileSync(folder, "a file where the folder should be");
  const { cache, logged } = openCache(folder);
  append(cache, [1]);
  append(cache, [2]);
  expect(found(cache, [1, 2])).toEqual([]);
  expect(logged.filter((line) => line.includes("can no longer be kept"))).toHaveLength(1);
});

test("another model's vectors are not found", () => {
  const folder = temporaryFolder();
  append(openCache(folder).cache, [1]);
  expect(openCache(folder, { fingerprint: "cd".repeat(32) }).cache.size).toBe(0);
});

test("many vectors are found again among many", () => {
  const folder = temporaryFolder();
  const numbers = Array.from({ length: 20_000 }, (_, n) => n);
  append(openCache(folder).cache, numbers);
  const { cache } = openCache(folder);
  expect(cache.size).toBe(20_000);
  const some = numbers.filter((n) => n % 97 === 0).reverse();
  expect(found(cache, [...some, 20_000])).toEqual(some);
});
