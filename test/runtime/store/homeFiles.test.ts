import { existsSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { failureText } from "#core/util/failure";
import type { Result } from "#core/util/result";
import { FolderFiles } from "../../../server/runtime/store/homeFiles";
import { scratchFolder } from "./scratchFolder";

function said(result: Result<unknown>, folder: string): string {
  return result.ok ? "ok" : `${result.failure.reason}: ${failureText(result.failure).replaceAll(folder, "")}`;
}

test("folders are made with the first file, and what was written is read again", async () => {
  const home = path.join(scratchFolder(), ".nearmiss");
  const files = new FolderFiles(home);
  expect(await files.list("adapters")).toEqual({ ok: true, value: [] });
  expect(existsSync(home)).toBe(false);
  expect(await files.writeBytes("adapters/first one/model.safetensors", Uint8Array.of(0, 255, 7))).toEqual({ ok: true, value: null });
  expect(await files.writeText("adapters/first one/card.json", "é\n")).toEqual({ ok: true, value: null });
  const bytes = await files.readBytes("adapters/first one/model.safetensors");
  expect(bytes.ok && [...bytes.value]).toEqual([0, 255, 7]);
  expect(await files.readText("adapters/first one/card.json")).toEqual({ ok: true, value: "é\n" });
  expect(await files.list("adapters")).toEqual({ ok: true, value: ["first one"] });
  expect(await files.list("adapters/first one")).toEqual({ ok: true, value: ["card.json", "model.safetensors"] });
});

test("a file is replaced whole, also by writings that do not wait for each other", async () => {
  const home = scratchFolder({ "runs/a.json": "old" });
  const files = new FolderFiles(home);
  const texts = Array.from({ length: 20 }, (_, i) => `${String(i)} `.repeat(1000));
  const written = await Promise.all(texts.map((text) => files.writeText("runs/a.json", text)));
  expect(written.every(({ ok }) => ok)).toBe(true);
  expect(readFileSync(path.join(home, "runs/a.json"), "utf8")).toBe(texts.at(-1));
  expect(readdirSync(path.join(home, "runs"))).toEqual(["a.json"]);
});

test("names do not lead out of the folder", async () => {
  const home = scratchFolder({ "home/x": "inside", secret: "outside" });
  const files = new FolderFiles(path.join(home, "home"));
  const names = ["../secret", "/etc/hostname", "a//b", "", ".", "a/..", "a\\..\\b", "C:/x", "a\u0000b", "a\nb"];
  const answers = await Promise.all(
    names.flatMap((name) => [files.readText(name), files.readBytes(name), files.writeText(name, "x"), files.list(name)]),
  );
  expect([...new Set(answers.map((answer) => answer.ok || answer.failure.reason))]).toEqual(["bad-arguments"]);
  expect(said(await files.readText("../secret"), home)).toMatchInlineSnapshot(
    `"bad-arguments: "../secret" is not a name of a file in home. Use names of letters, digits, dots, dashes, underscores and blanks."`,
  );
  expect(readFileSync(path.join(home, "secret"), "utf8")).toBe("outside");
});

test("what is not there, is a folder, is no text or cannot be written is told", async () => {
  const home = scratchFolder({ "adapters/a/card.json": Uint8Array.of(0xff, 0xfe), file: "x" });
  const files = new FolderFiles(home);
  const answers = [
    await files.readBytes("adapters/b/model.safetensors"),
    await files.readBytes("adapters/a"),
    await files.readText("adapters/a/card.json"),
    await files.writeText("file/inside", "x"),
    await files.writeText("adapters", "x"),
  ];
  expect(answers.map((answer) => said(answer, home))).toMatchInlineSnapshot(`
    [
      "missing-file: /adapters/b/model.safetensors: There is no such file or folder. Check the path.",
      "bad-arguments: /adapters/a: This is a folder, where a file is needed. Name a file in it.",
      "bad-encoding: /adapters/a/card.json: The file is not UTF-8. Save it as UTF-8.",
      "disk: /file: A file stands where a folder is needed. Move that file away.",
      "bad-arguments: /adapters: This is a folder, where a file is needed. Name a file in it.",
    ]
  `);
  expect(await files.list("file")).toEqual({ ok: true, value: [] });
});

test("a file too large for memory is not read", async () => {
  const home = scratchFolder();
  mkdirSync(path.join(home, "adapters/a"), { recursive: true });
  const file = path.join(home, "adapters/a/model.safetensors");
  writeFileSync(file, "");
  // Without blocks on disk: only its size is asked for.
  truncateSync(file, 2 ** 30 + 1);
  expect(said(await new FolderFiles(home).readBytes("adapters/a/model.safetensors"), home)).toMatchInlineSnapshot(
    `"unsupported: /adapters/a/model.safetensors: The file has 1073741825 bytes, which is more than the 1073741824 that are read. Put the right file in its place."`,
  );
});

test("of two that ask for one folder at once, one gets it; a file in the way is told", async () => {
  const folder = scratchFolder({ ".nearmiss/adapters": "" });
  const [one, other] = [0, 1].map(() => new FolderFiles(path.join(folder, ".nearmiss")));
  const claims = await Promise.all([one?.claim("training/train-1"), other?.claim("training/train-1")]);
  expect(claims.map((claim) => claim?.ok === true && claim.value).sort()).toEqual([false, true]);
  expect(await one?.claim("adapters/train-1")).toMatchObject({ ok: false, failure: { reason: "disk" } });
  expect(await one?.claim("../train-1")).toMatchObject({ ok: false, failure: { reason: "bad-arguments" } });
});
