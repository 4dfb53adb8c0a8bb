import type { PublishDiagnosticsParams } from "vscode-languageserver";
import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import { RowDocument } from "#core/jsonl/rowDocument";
import { Diagnostics } from "../../../server/lsp/diagnostics";
import type { OpenDocument } from "../../../server/lsp/openDocuments";
import { sha256 } from "../../support/sha256";

const uri = "file:///train.jsonl";

function openDocument(version: number, text: string): OpenDocument {
  const rows = RowDocument.fromText(text);
  rows.setFormat(flagEmbedding);
  return { uri, version, rows };
}

test("problems that are known are not told again, so that an open list of quick fixes stays", async () => {
  const told: PublishDiagnosticsParams[] = [];
  const checks: (() => void)[] = [];
  const host = {
    toPath: () => "/train.jsonl",
    configFor: () => Promise.resolve(defaultConfig),
    breathe: () => Promise.resolve(),
    later: (_: number, act: () => void) => {
      queueMicrotask(act);
      return () => undefined;
    },
    sha256,
  };
  const diagnostics = new Diagnostics(
    {
      sendDiagnostics: (params) => {
        told.push(params);
        return Promise.resolve();
      },
    },
    host,
    { withQueriesIn: () => undefined },
    () => checks.shift()?.(),
  );
  const check = (document: OpenDocument): Promise<void> =>
    new Promise((resolve) => {
      checks.push(resolve);
      diagnostics.documentChanged(document);
    });
  const text = '{"query": "q", "pos": ["p"], "neg": ["p"]}\n';
  await check(openDocument(1, text));
  await check(openDocument(1, text));
  await check(openDocument(2, text.replace('["p"]}', '["n"]}')));
  await check(openDocument(3, text));
  diagnostics.documentClosed(uri);
  await check(openDocument(1, text));
  expect(told.map(({ version, diagnostics: found }) => `${String(version)}: ${found.map(({ code }) => code).join(" ")}`)).toEqual([
    "1: HN201",
    "2: ",
    "3: HN201",
    "undefined: ",
    "1: HN201",
  ]);
});
