/** Rules of the house that the compiler cannot see: see ARCHITECTURE.md. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { configReference } from "#core/config/reference";
import { CATALOGUE, RULES } from "#core/diagnostics/catalogue";
import { exportTargets } from "#core/exporting/targets";
import { commandIds } from "../extension/commands/commandIds";
import { languageModelSettings } from "../extension/languageModels/languageModelSettings";
import { KEYMAP, printedKey } from "../webview/keymap";
import { repoRoot } from "./support/repoRoot";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, ManifestSetting>> };
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly dependencies: Readonly<Record<string, string>>;
}

interface ManifestSetting {
  readonly default: unknown;
  readonly maximum?: number;
}

const manifest = JSON.parse(readFileSync(path.join(repoRoot, "package.json"), "utf8")) as Manifest;
const readme = readFileSync(path.join(repoRoot, "README.md"), "utf8");

function filesBelow(folder: string): readonly string[] {
  return readdirSync(path.join(repoRoot, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
    .map((entry) => path.relative(repoRoot, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
}

const sources = ["server", "extension", "webview"]
  .flatMap(filesBelow)
  .map((file) => ({ file, text: readFileSync(path.join(repoRoot, file), "utf8") }));

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:from|import\() ?"([^"]+)"|^import "([^"]+)"/gmu)].map((match) => match[1] ?? match[2] ?? "");
}

/** The folder an import leads to, such as "server/core", or the package. */
function target(file: string, specifier: string): string {
  if (specifier.startsWith("#")) return specifier.replace(/^#(core|protocol)\/.*/u, "server/$1");
  if (!specifier.startsWith(".")) return specifier.replace(/^(@[^/]+\/[^/]+|[^/]+).*/u, "$1");
  return path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
}

/** For each folder, everything outside it that its files may import. Packages by name, folders by path. */
const ALLOWED: Readonly<Record<string, readonly RegExp[]>> = {
  "server/protocol/": [],
  "server/core/": [/^valibot$/, /^@valibot\/to-json-schema$/, /^jsonc-parser$/],
  "server/runtime/": [
    /^node:/,
    /^server\/(core|protocol)/,
    /^onnxruntime-node$/,
    /^hnswlib-node$/,
    /^@xenova\/transformers$/,
    /^scripts\/model\//,
  ],
  "server/lsp/": [/^vscode-languageserver$/, /^server\/(core|protocol)/],
  "server/cli/": [/^node:/, /^server\/(core|runtime)/],
  "extension/": [/^vscode$/, /^node:/, /^vscode-languageclient$/, /^server\/protocol/],
  "webview/": [/^svelte$/, /^virtua$/, /^@observablehq\/plot$/, /^@vscode\/webview-ui-toolkit$/, /^server\/protocol/],
};

test.each(Object.entries(ALLOWED))("%s imports only what its layer may", (folder, allowed) => {
  const strangers = sources
    .filter(({ file }) => file.startsWith(folder) && !/\.config\.[cm]?ts$/.test(file))
    .flatMap(({ file, text }) => importsOf(text).map((specifier) => ({ file, to: target(file, specifier) })))
    .filter(({ to }) => !to.startsWith(folder) && !allowed.some((pattern) => pattern.test(to)))
    .map(({ file, to }) => `${file} -> ${to}`);
  expect(strangers).toEqual([]);
});

/** Lower folders know nothing of higher ones. Folders on one line may know each other. */
const CORE_ORDER = [
  ["util"],
  ["adapter"],
  ["formats", "jsonl"],
  ["falseNegatives", "chat"],
  ["collection", "config", "lexical", "diagnostics", "marks"],
  ["suggestions"],
  ["judging", "attribution"],
  ["softLabels"],
  ["grouping", "audit", "edits"],
  ["mining"],
  ["batches", "evaluation", "gradients", "rounds", "training"],
  ["preview", "calibration"],
  ["session"],
  ["exporting"],
  ["curation"],
  ["learning", "labelling"],
] as const;

test("folders of the core know only what lies below them", () => {
  const level = (folder: string): number => CORE_ORDER.findIndex((folders) => (folders as readonly string[]).includes(folder));
  const upward = sources
    .filter(({ file }) => /^server\/core\/[^/]+\//.test(file))
    .flatMap(({ file, text }) => importsOf(text).map((specifier) => ({ file, to: target(file, specifier) })))
    .flatMap(({ file, to }) => {
      const [from, into] = [file, to].map((name) => /^server\/core\/([^/]+)\//.exec(name)?.[1]);
      return from === undefined || into === undefined || level(into) <= level(from) ? [] : [`${file} -> ${to}`];
    });
  expect(upward).toEqual([]);
});

test("one file of the webview speaks to the host", () => {
  expect(
    sources.filter(({ file, text }) => file.startsWith("webview/") && text.includes("acquireVsCodeApi(")).map(({ file }) => file),
  ).toEqual(["webview/host.ts"]);
});

test("texts of the data are never markup", () => {
  const markup = sources
    .filter(({ text }) => /\{@html|innerHTML|insertAdjacentHTML|MarkupKind\.Markdown|supportHtml/u.test(text))
    .map(({ file }) => file);
  expect(markup).toEqual([]);
});

test("every message is handled on one side and sent from another", () => {
  const protocol = sources.filter(({ file }) => file.startsWith("server/protocol/"));
  const names = protocol.flatMap(({ text }) =>
    [...text.matchAll(/export const (\w+) = (?:request|notification)</gu)].map((match) => match[1] ?? ""),
  );
  const users = sources.filter(({ file }) => !file.startsWith("server/protocol/") && !/fake|dev\.ts/.test(file));
  const lonely = names.filter(
    (name) =>
      new Set(users.filter(({ text }) => new RegExp(`\\b${name}\\b`, "u").test(text)).map(({ file }) => file.split("/")[0])).size < 2,
  );
  expect(names.length).toBeGreaterThan(15);
  expect(lonely).toEqual([]);
});

test("package.json contributes exactly the commands that are registered, in one category", () => {
  const { commands } = manifest.contributes;
  expect(commands.map(({ command }) => command).sort()).toEqual([...commandIds].sort());
  expect(new Set(commands.map(({ category }) => category))).toEqual(new Set(["Nearmiss"]));
});

test("a folder that is not trusted decides nothing about what a language model is sent, by whom, and at what price", () => {
  const names = Object.keys(manifest.contributes.configuration.properties).filter((name) => name.startsWith("nearmiss.languageModel."));
  expect(names.length).toBeGreaterThan(4);
  expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(expect.arrayContaining(names));
});

test("defaults and limits of settings about language models are those that the extension holds to", () => {
  const settings = Object.entries(manifest.contributes.configuration.properties).map(
    ([name, setting]) => [name.replace("nearmiss.languageModel.", ""), setting] as const,
  );
  const defaults = new Map<string, unknown>(settings.map(([name, setting]) => [name, setting.default]));
  const none = languageModelSettings(() => undefined);
  expect(languageModelSettings((name) => defaults.get(name))).toEqual(none);
  const limited = settings.filter(([name]) => ["concurrency", "timeout"].includes(name));
  const accepted = limited.flatMap(([name, { maximum = Number.NaN }]) =>
    [maximum, maximum + 1].map((value) => languageModelSettings((each) => (each === name ? value : undefined)).ok),
  );
  expect(accepted).toEqual([true, false, true, false]);
});

test("versions of dependencies are exact", () => {
  expect(Object.entries(manifest.dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/u.test(version))).toEqual([]);
});

test("every check is catalogued under its own code", () => {
  expect(RULES.map(({ code }) => code)).toEqual(Object.keys(CATALOGUE));
});

const TABLES: Readonly<Record<string, string>> = {
  settings: configReference(),
  keys: table(
    ["Key", "What it does"],
    KEYMAP.map(({ keys, label }) => [keys.map((key) => `\`${printedKey(key)}\``).join(" "), label]),
  ),
  checks: table(
    ["Code", "Finds", "Severity", "Quick fix"],
    RULES.map(({ code, title, severity, fixSafety }) => [code, title, severity, fixSafety]),
  ),
  formats: table(
    ["`--format`", "Name", "Records"],
    exportTargets.map(({ id, label, detail }) => [`\`${id}\``, label, detail]),
  ),
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

test("the README's tables are those of the code; -u writes them", async () => {
  let text = readme;
  for (const [name, rows] of Object.entries(TABLES)) {
    const marked = new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`, "u");
    expect(text).toMatch(marked);
    text = text.replace(marked, () => `<!-- ${name} -->\n\n${rows}\n\n<!-- /${name} -->`);
  }
  await expect(text).toMatchFileSnapshot(path.join(repoRoot, "README.md"));
});
