import type { HomeFiles } from "#core/ports";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";

/** A `.nearmiss` without a disk. Tests may look into `files`, put into it what they like, and let writing fail. */
export class InMemoryHomeFiles implements HomeFiles {
  readonly files = new Map<string, Uint8Array>();
  /** Every write fails with this while it is set. */
  writeFailure: Failure | undefined;

  readonly #claimed = new Set<string>();

  constructor(texts: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(texts)) this.files.set(name, Buffer.from(text));
  }

  /** A file's text, for comparisons; undefined where there is none. */
  text(name: string): string | undefined {
    const bytes = this.files.get(name);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
  }

  async readText(name: string): Promise<Result<string>> {
    const read = await this.readBytes(name);
    return read.ok ? ok(Buffer.from(read.value).toString("utf8")) : read;
  }

  readBytes(name: string): Promise<Result<Uint8Array>> {
    const bytes = this.files.get(name);
    const place = { file: `.nearmiss/${name}` };
    return Promise.resolve(
      bytes === undefined ? err({ reason: "missing-file", message: "There is no such file or folder.", place }) : ok(bytes.slice()),
    );
  }

  writeText(name: string, text: string): Promise<Result<null>> {
    return this.writeBytes(name, Buffer.from(text));
  }

  writeBytes(name: string, bytes: Uint8Array): Promise<Result<null>> {
    if (this.writeFailure !== undefined) return Promise.resolve(err(this.writeFailure));
    this.files.set(name, Uint8Array.from(bytes));
    return Promise.resolve(ok(null));
  }

  claim(folder: string): Promise<Result<boolean>> {
    if (this.writeFailure !== undefined) return Promise.resolve(err(this.writeFailure));
    const isFree = !this.#claimed.has(folder) && ![...this.files.keys()].some((name) => name.startsWith(`${folder}/`));
    this.#claimed.add(folder);
    return Promise.resolve(ok(isFree));
  }

  list(folder: string): Promise<Result<readonly string[]>> {
    const inside = [...this.files.keys()].filter((name) => name.startsWith(`${folder}/`));
    return Promise.resolve(ok([...new Set(inside.map((name) => name.slice(folder.length + 1).split("/")[0] ?? ""))].sort()));
  }
}
