import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { LogLevel } from "#core/ports";
import { CacheSegment, type SegmentKind } from "./cacheSegment";
import { KEY_BYTES, KeyIndex, type CachePlace } from "./keyIndex";

export interface VectorCacheOptions extends SegmentKind {
  /** Folder of all models' caches. */
  readonly folder: string;
  readonly log: (level: LogLevel, message: string) => void;
}

/** Rows read at once, about 1.5 MB at 384 dimensions. */
const ROWS_PER_READ = 1024;
const KEYS = ".keys";

/**
 * Vectors on disk by content: the key is a SHA-256 over model, prompt and text, so a text that was moved, reordered or pasted into another
 * file is embedded once. Each process appends to a segment of its own and reads those that others left; nothing is ever rewritten.
 */
export class VectorCache {
  readonly #options: VectorCacheOptions;
  readonly #folder: string;
  readonly #index = new KeyIndex();
  readonly #segments: CacheSegment[] = [];
  #own: { readonly segment: CacheSegment; readonly number: number } | undefined;
  #writable = true;

  private constructor(options: VectorCacheOptions) {
    this.#options = options;
    this.#folder = segmentFolder(options);
  }

  /** Number of dimensions of a model whose vectors were kept before; undefined where there are none. */
  static knownDimensions(place: Pick<VectorCacheOptions, "folder" | "fingerprint">): number | undefined {
    const folder = segmentFolder(place);
    try {
      const keys = fs.readdirSync(folder).filter((name) => name.endsWith(KEYS));
      for (const name of keys) {
        const dimensions = CacheSegment.dimensionsOf(path.join(folder, name.slice(0, -KEYS.length)), place.fingerprint);
        if (dimensions !== undefined) return dimensions;
      }
    } catch {
      // Nothing was kept, or it cannot be read, which opening the cache will report.
    }
    return undefined;
  }

  /** Reads the keys of all segments. Files that are damaged or not ours are left alone and reported in the log. */
  static open(options: VectorCacheOptions): VectorCache {
    const cache = new VectorCache(options);
    for (const name of cache.#segmentNames()) cache.#load(name);
    return cache;
  }

  /** Number of vectors that can be found. */
  get size(): number {
    return this.#index.size;
  }

  /** UTF-16, since UTF-8 would make all lone surrogates equal. */
  keyOf(prompt: string, text: string): Buffer {
    return createHash("sha256")
      .update(this.#options.fingerprint)
      .update("\0")
      .update(prompt, "utf16le")
      .update("\0\0\0\0")
      .update(text, "utf16le")
      .digest();
  }

  /** The cached vector of each key, undefined where there is none. Vectors without unit length, which a power cut may leave, do not count. */
  read(keys: readonly Buffer[]): readonly (Float32Array | undefined)[] {
    const found = keys.flatMap((key, i) => {
      const place = this.#index.find(key);
      return place === undefined ? [] : [{ i, ...place }];
    });
    found.sort((a, b) => a.segment - b.segment || a.row - b.row);
    const vectors: (Float32Array | undefined)[] = new Array<undefined>(keys.length).fill(undefined);
    const { dimensions } = this.#options;
    for (const run of runsOf(found)) {
      const rows = this.#segments[run.segment]?.read(run.row, run.items.length);
      for (const [n, { i }] of run.items.entries()) {
        const vector = rows?.subarray(n * dimensions, (n + 1) * dimensions);
        if (vector !== undefined && hasUnitLength(vector)) vectors[i] = vector;
      }
    }
    return vectors;
  }

  /** Keeps vectors. A disk that refuses is reported once; work goes on without keeping anything further. */
  append(keys: readonly Buffer[], vectors: readonly Float32Array[]): void {
    if (!this.#writable || keys.length === 0) return;
    const { dimensions } = this.#options;
    const rows = new Float32Array(vectors.length * dimensions);
    vectors.forEach((vector, i) => {
      rows.set(vector, i * dimensions);
    });
    try {
      const { segment, number } = (this.#own ??= this.#createOwn());
      const first = segment.rows;
      segment.append(Buffer.concat(keys), rows);
      keys.forEach((key, i) => {
        this.#index.add(key, { segment: number, row: first + i });
      });
    } catch (error) {
      this.#writable = false;
      this.#options.log(
        "warn",
        `Vectors can no longer be kept in ${this.#folder}: ${(error as Error).message}. Work goes on; texts are embedded again next time.`,
      );
    }
  }

  close(): void {
    for (const segment of this.#segments) segment.close();
    this.#segments.length = 0;
  }

  #segmentNames(): readonly string[] {
    try {
      const names = fs.readdirSync(this.#folder).filter((name) => name.endsWith(KEYS));
      return names.map((name) => name.slice(0, -KEYS.length)).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        this.#options.log("warn", `The vector cache cannot be read: ${(error as Error).message}.`);
      return [];
    }
  }

  #load(name: string): void {
    const base = path.join(this.#folder, name);
    try {
      const opened = CacheSegment.open(base, this.#options);
      if (typeof opened === "string") {
        this.#options.log("warn", `The cache file ${base}.keys is left out: ${opened}.`);
        return;
      }
      const segment = this.#segments.push(opened.segment) - 1;
      for (let row = 0; row < opened.segment.rows; row++) {
        this.#index.add(opened.keys.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES), { segment, row });
      }
    } catch (error) {
      this.#options.log("warn", `The cache file ${base}.keys is left out: ${(error as Error).message}.`);
    }
  }

  #createOwn(): { readonly segment: CacheSegment; readonly number: number } {
    const name = `${String(Date.now())}-${String(process.pid)}-${randomBytes(4).toString("hex")}`;
    const segment = CacheSegment.create(path.join(this.#folder, name), this.#options);
    return { segment, number: this.#segments.push(segment) - 1 };
  }
}

interface FoundRow extends CachePlace {
  /** Place of the key in the request. */
  readonly i: number;
}

interface Run extends CachePlace {
  readonly items: FoundRow[];
}

/** Rows that follow each other in one segment are read at once. */
function runsOf(found: readonly FoundRow[]): readonly Run[] {
  const runs: Run[] = [];
  for (const item of found) {
    const run = runs.at(-1);
    const follows = run?.segment === item.segment && run.row + run.items.length === item.row && run.items.length < ROWS_PER_READ;
    if (follows) run.items.push(item);
    else runs.push({ segment: item.segment, row: item.row, items: [item] });
  }
  return runs;
}

function hasUnitLength(vector: Float32Array): boolean {
  let squares = 0;
  // Every kept vector comes by here: counting up takes a third of the time that iterating does.
  for (let i = 0; i < vector.length; i++) squares += (vector[i] ?? 0) ** 2;
  return Math.abs(squares - 1) < 1e-3;
}

function segmentFolder({ folder, fingerprint }: Pick<VectorCacheOptions, "folder" | "fingerprint">): string {
  return path.join(folder, "vectors", fingerprint.slice(0, 32));
}
