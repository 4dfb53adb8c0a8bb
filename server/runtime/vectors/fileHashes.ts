import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";

interface KnownHash {
  readonly size: number;
  readonly modified: number;
  readonly sha256: string;
}

/** SHA-256 of large files, remembered on disk by size and time of change. */
export class FileHashes {
  readonly #memory: string | undefined;

  /** `cacheFolder` undefined: nothing is remembered. */
  constructor(cacheFolder: string | undefined) {
    this.#memory = cacheFolder === undefined ? undefined : path.join(cacheFolder, "file-hashes.json");
  }

  async of(file: string): Promise<string> {
    const { size, mtimeMs } = await fs.stat(file);
    const known = await this.#read();
    const entry = known[file];
    if (entry?.size === size && entry.modified === mtimeMs) return entry.sha256;
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    const sha256 = hash.digest("hex");
    await this.#write({ ...known, [file]: { size, modified: mtimeMs, sha256 } });
    return sha256;
  }

  async #read(): Promise<Readonly<Record<string, KnownHash>>> {
    if (this.#memory === undefined) return {};
    try {
      const known: unknown = JSON.parse(await fs.readFile(this.#memory, "utf8"));
      return typeof known === "object" && known !== null ? (known as Record<string, KnownHash>) : {};
    } catch {
      // Not there yet, or damaged: the hash is calculated.
      return {};
    }
  }

  async #write(known: Readonly<Record<string, KnownHash>>): Promise<void> {
    if (this.#memory === undefined) return;
    const draft = `${this.#memory}.${String(process.pid)}.tmp`;
    try {
      await fs.mkdir(path.dirname(this.#memory), { recursive: true });
      await fs.writeFile(draft, JSON.stringify(known));
      await fs.rename(draft, this.#memory);
    } catch {
      // A full or read-only disk costs time at the next start, nothing else.
      await fs.rm(draft, { force: true });
    }
  }
}
