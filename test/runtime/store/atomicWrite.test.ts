import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { failureText } from "#core/util/failure";
import { writeAtomically } from "../../../server/runtime/store/atomicWrite";
import { sha256 } from "../../../server/runtime/hash";
import { scratchFolder } from "./scratchFolder";

test("a file is written whole, with its size and hash", async () => {
  const folder = scratchFolder();
  const file = path.join(folder, "out.jsonl");
  const written = await writeAtomically(file, ["{}\n", Buffer.from("é\n")], { overwrite: false });
  expect(written).toEqual({ ok: true, value: { file, bytes: 6, sha256: sha256("{}\né\n") } });
  expect(readdirSync(folder)).toEqual(["out.jsonl"]);
});

test("an existing file is refused unless it may be replaced", async () => {
  const folder = scratchFolder({ "out.jsonl": "old" });
  const file = path.join(folder, "out.jsonl");
  const refused = await writeAtomically(file, ["new"], { overwrite: false });
  expect(refused.ok ? "" : failureText(refused.failure).replaceAll(folder, "")).toMatchInlineSnapshot(
    `"/out.jsonl: The file exists already and is left as it is. Choose another name, or remove it first."`,
  );
  expect(readFileSync(file, "utf8")).toBe("old");
  expect((await writeAtomically(file, ["new"], { overwrite: true })).ok).toBe(true);
  expect(readFileSync(file, "utf8")).toBe("new");
});

test("an interrupted writing leaves nothing behind", async () => {
  const folder = scratchFolder({ "out.jsonl": "old" });
  const pieces = function* (): Generator<string> {
    yield "half";
    throw new RangeError("stopped");
  };
  await expect(writeAtomically(path.join(folder, "out.jsonl"), pieces(), { overwrite: true })).rejects.toThrow("stopped");
  expect(readdirSync(folder)).toEqual(["out.jsonl"]);
  expect(readFileSync(path.join(folder, "out.jsonl"), "utf8")).toBe("old");
});

test("a folder that is not there is refused", async () => {
  const folder = scratchFolder();
  const refused = await writeAtomically(path.join(folder, "no", "out.jsonl"), ["x"], { overwrite: false });
  expect(refused.ok ? "" : failureText(refused.failure).replaceAll(folder, "")).toMatchInlineSnapshot(
    `"/no/out.jsonl: The folder it should be written to does not exist. Create the folder first."`,
  );
});
