import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";
import { NEGATIVES_MODES } from "#core/exporting/exportQuery";
import type { NegativesMode } from "#core/exporting/exportQuery";
import { exportTargets, isTarget } from "#core/exporting/targets";
import type { TargetFormat } from "#core/exporting/targets";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { labelArguments, labelOptions } from "./labelArguments";
import type { LabelArguments } from "./labelArguments";

/** What decides how a data set is read and mined; the same for `mine` and `export`. */
export interface MiningArguments {
  readonly dataset: string;
  readonly corpus?: string;
  readonly config?: string;
  /** `--set`, `--split`, `--model` and `--seed` as settings of the form name=value; later ones win. */
  readonly settings: readonly string[];
  readonly queryVectors?: string;
  readonly corpusVectors?: string;
  readonly format?: TargetFormat;
  readonly negatives: NegativesMode;
}

export interface MineArguments extends MiningArguments {
  readonly command: "mine";
  readonly out?: string;
  readonly detail?: string;
  readonly report?: string;
}

export interface ExportArguments extends MiningArguments {
  readonly command: "export";
  readonly format: TargetFormat;
  readonly out: string;
  readonly force: boolean;
  /** Write a certificate beside it. */
  readonly certify: boolean;
}

export interface BatchesArguments extends MiningArguments {
  readonly command: "batches";
  readonly out?: string;
  readonly epochs: number;
  /** A plan to check, instead of making one. */
  readonly check?: string;
}

export interface EvaluateArguments extends MiningArguments {
  readonly command: "evaluate";
  /** Name of an adapter, or a folder, which has a slash in it. */
  readonly adapter?: string;
  /** Only the queries that the adapter was not trained on. */
  readonly heldOut: boolean;
  readonly json: boolean;
}

export interface TrainArguments extends MiningArguments {
  readonly command: "train";
  /** A run to go on with. */
  readonly resume?: string;
  readonly json: boolean;
}

/** Where the present audit of a data set stands. */
export interface CertifyArguments extends MiningArguments {
  readonly command: "certify";
  readonly json: boolean;
}

export interface VerifyArguments {
  readonly command: "verify";
  /** A certificate. */
  readonly file: string;
  /** Folder of the marks files, and the export, where they lie elsewhere than the certificate says. */
  readonly marks?: string;
  readonly exported?: string;
  readonly json: boolean;
}

export interface CheckArguments {
  readonly command: "check";
  readonly paths: readonly string[];
  readonly json: boolean;
}

export interface MarksArguments {
  readonly command: "marks";
  readonly dataset: string;
  readonly json: boolean;
}

export type CommandArguments =
  | MineArguments
  | ExportArguments
  | BatchesArguments
  | TrainArguments
  | LabelArguments
  | EvaluateArguments
  | CertifyArguments
  | VerifyArguments
  | CheckArguments
  | MarksArguments
  | { readonly command: "help" | "version" };

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

const common: Options = { help: { type: "boolean", short: "h" }, version: { type: "boolean" } };
const reading: Options = {
  corpus: { type: "string" },
  split: { type: "string" },
  config: { type: "string" },
  set: { type: "string", multiple: true },
  model: { type: "string" },
  "query-vectors": { type: "string" },
  "corpus-vectors": { type: "string" },
};
const mining: Options = {
  ...reading,
  seed: { type: "string" },
  format: { type: "string" },
  out: { type: "string" },
  negatives: { type: "string", default: "mined" },
};
const optionsOf: Readonly<Record<string, Options>> = {
  mine: { ...common, ...mining, detail: { type: "string" }, report: { type: "string" } },
  export: { ...common, ...mining, force: { type: "boolean" }, certify: { type: "boolean" } },
  batches: { ...common, ...mining, epochs: { type: "string", default: "1" }, check: { type: "string" } },
  train: { ...common, ...reading, seed: { type: "string" }, resume: { type: "string" }, json: { type: "boolean" } },
  label: { ...common, ...reading, ...labelOptions },
  evaluate: { ...common, ...reading, adapter: { type: "string" }, "held-out": { type: "boolean" }, json: { type: "boolean" } },
  certify: {
    ...common,
    verify: { type: "string" },
    marks: { type: "string" },
    export: { type: "string" },
    config: { type: "string" },
    set: { type: "string", multiple: true },
    json: { type: "boolean" },
  },
  check: { ...common, json: { type: "boolean" } },
  marks: { ...common, json: { type: "boolean" } },
};

/** Reads the command line, given without the program's own name. Fails with a sentence about the argument at fault. */
export function readArguments(argv: readonly string[]): Result<CommandArguments> {
  const [command] = argv;
  if (command === undefined || command === "help" || command === "--help" || command === "-h") return ok({ command: "help" });
  if (command === "--version") return ok({ command: "version" });
  const options = optionsOf[command];
  if (options === undefined)
    return bad(
      `There is no command "${command}".`,
      "Use mine, batches, train, label, evaluate, check, export, certify or marks; --help shows them all.",
    );
  let parsed: { readonly values: Values; readonly positionals: readonly string[] };
  try {
    parsed = parseArgs({ args: argv.slice(1), options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's own sentence names the option; what follows its first full stop is advice about "--" that does not help here.
    return bad(
      `${(error.message.split(". ")[0] ?? error.message).replace(/\.$/, "")}.`,
      `See "nearmiss --help" for the options of ${command}.`,
    );
  }
  const { values, positionals } = parsed;
  if (values["help"] === true) return ok({ command: "help" });
  if (values["version"] === true) return ok({ command: "version" });
  switch (command) {
    case "mine":
      return mineArguments(values, positionals);
    case "export":
      return exportArguments(values, positionals);
    case "batches":
      return batchesArguments(values, positionals);
    case "train":
      return trainArguments(values, positionals);
    case "label": {
      // Here --model is the language model; the encoder is that of the configuration.
      const shared = miningArguments({ ...values, model: undefined, negatives: "mined" }, positionals, "label");
      return shared.ok ? labelArguments(values, shared.value) : shared;
    }
    case "evaluate":
      return evaluateArguments(values, positionals);
    case "certify":
      return certifyArguments(values, positionals);
    case "check":
      return positionals.length === 0
        ? bad("check needs a file or folder.", 'For example "nearmiss check train.jsonl".')
        : ok({ command, paths: positionals, json: values["json"] === true });
    default:
      return withDataset(positionals, "marks", (dataset) => ok({ command: "marks", dataset, json: values["json"] === true }));
  }
}

function mineArguments(values: Values, positionals: readonly string[]): Result<CommandArguments> {
  const shared = miningArguments(values, positionals, "mine");
  if (!shared.ok) return shared;
  // As elsewhere, "-" is standard output, where the data set goes anyway.
  const outputs = { ...values, out: values["out"] === "-" ? undefined : values["out"] };
  return ok({ command: "mine", ...shared.value, ...texts(outputs, { out: "out", detail: "detail", report: "report" }) });
}

function exportArguments(values: Values, positionals: readonly string[]): Result<CommandArguments> {
  const shared = miningArguments(values, positionals, "export");
  if (!shared.ok) return shared;
  const { format } = shared.value;
  const { out } = values;
  if (format === undefined) return bad("export needs --format.", `Formats: ${formatNames()}.`);
  if (typeof out !== "string") return bad("export needs --out.", "Name the new file.");
  if (out === "-")
    return bad("export writes a file and its manifest, not to standard output.", 'Name the new file, or print with "nearmiss mine".');
  return ok({ command: "export", ...shared.value, format, out, force: values["force"] === true, certify: values["certify"] === true });
}

function batchesArguments(values: Values, positionals: readonly string[]): Result<CommandArguments> {
  const shared = miningArguments(values, positionals, "batches");
  if (!shared.ok) return shared;
  const { epochs } = values;
  if (typeof epochs !== "string" || !/^[1-9]\d{0,5}$/.test(epochs))
    return bad(`--epochs ${String(epochs)} is not a whole number from 1 to 999999.`, "For example --epochs 3.");
  if (shared.value.format !== undefined) return bad("A plan of batches has no --format.", "Leave the option out.");
  if (values["check"] !== undefined && values["out"] !== undefined)
    return bad("--check writes no plan, so that --out does not go with it.", "Leave one of them out.");
  const outputs = { ...values, out: values["out"] === "-" ? undefined : values["out"] };
  return ok({ command: "batches", ...shared.value, epochs: Number(epochs), ...texts(outputs, { out: "out", check: "check" }) });
}

function trainArguments(values: Values, positionals: readonly string[]): Result<CommandArguments> {
  const shared = miningArguments({ ...values, negatives: "mined" }, positionals, "train");
  if (!shared.ok) return shared;
  return ok({ command: "train", ...shared.value, json: values["json"] === true, ...texts(values, { resume: "resume" }) });
}

function evaluateArguments(values: Values, positionals: readonly string[]): Result<CommandArguments> {
  const shared = miningArguments({ ...values, negatives: "mined" }, positionals, "evaluate");
  if (!shared.ok) return shared;
  if (values["adapter"] === "")
    return bad("--adapter needs a name.", "Name a folder in .nearmiss/adapters, or any folder with a slash in it.");
  const flags = { heldOut: values["held-out"] === true, json: values["json"] === true };
  return ok({ command: "evaluate", ...shared.value, ...flags, ...texts(values, { adapter: "adapter" }) });
}

/** Two commands under one name: with --verify it looks at a certificate, else at a data set's audit. */
function certifyArguments(values: Values, positionals: readonly string[]): Result<CommandArguments> {
  const json = values["json"] === true;
  const file = values["verify"];
  if (typeof file === "string") {
    const [extra] = positionals;
    if (extra !== undefined) return bad(`--verify needs no data set, but "${extra}" was given.`, "Leave it out.");
    if (file === "") return bad("--verify needs a certificate.", "Name a .certificate.json file.");
    if (values["config"] !== undefined || values["set"] !== undefined)
      return bad("--verify takes its target from the certificate, not from a configuration.", "Leave out --config and --set.");
    return ok({ command: "verify", file, json, ...texts(values, { marks: "marks", export: "exported" }) });
  }
  if (values["marks"] !== undefined || values["export"] !== undefined)
    return bad("--marks and --export go with --verify.", "Leave them out, or name a certificate with --verify.");
  const shared = miningArguments({ ...values, negatives: "mined" }, positionals, "certify");
  return shared.ok ? ok({ command: "certify", ...shared.value, json }) : shared;
}

function miningArguments(values: Values, positionals: readonly string[], command: string): Result<MiningArguments> {
  return withDataset(positionals, command, (dataset) => {
    const settings = readSettings(values, command);
    if (!settings.ok) return settings;
    const { format } = values;
    const negatives = NEGATIVES_MODES.find((mode) => mode === values["negatives"]);
    if (negatives === undefined)
      return bad(
        `--negatives ${String(values["negatives"])} is not one of ${NEGATIVES_MODES.join(", ")}.`,
        "For example --negatives listed.",
      );
    if (typeof format === "string" && !isTarget(format)) return bad(`There is no export format "${format}".`, `Formats: ${formatNames()}.`);
    const paths = texts(values, { corpus: "corpus", config: "config", "query-vectors": "queryVectors", "corpus-vectors": "corpusVectors" });
    if ((values["query-vectors"] === undefined) !== (values["corpus-vectors"] === undefined)) {
      return bad("--query-vectors and --corpus-vectors go together.", "Give both files, or neither.");
    }
    return ok({
      dataset,
      settings: settings.value,
      negatives,
      ...paths,
      ...(typeof format === "string" && isTarget(format) ? { format } : {}),
    });
  });
}

function withDataset<T>(positionals: readonly string[], command: string, use: (dataset: string) => Result<T>): Result<T> {
  const [dataset, extra] = positionals;
  if (dataset === undefined) return bad(`${command} needs a data set.`, "Name a .jsonl file or a folder in BEIR form.");
  if (extra !== undefined)
    return bad(`${command} takes one data set, but "${extra}" follows "${dataset}".`, "Put names with blanks in quotes.");
  return use(dataset);
}

/** Commands that draw batches besides negatives. */
const LEARNING: readonly string[] = ["batches", "train"];

function readSettings(values: Values, command: string): Result<readonly string[]> {
  const settings = Array.isArray(values["set"]) ? values["set"].map(String) : [];
  const { split, model, seed } = values;
  if (typeof seed === "string" && !/^\d+$/.test(seed))
    return bad(`--seed ${seed} is not a whole number of at least 0.`, "For example --seed 42.");
  if (typeof split === "string") settings.push(`data.split=${split}`);
  if (typeof model === "string") settings.push(`model.id=${model}`);
  if (typeof seed === "string") settings.push(`sampler.seed=${seed}`);
  if (typeof seed === "string" && LEARNING.includes(command)) settings.push(`training.seed=${seed}`);
  return ok(settings);
}

function texts<Name extends string>(values: Values, names: Readonly<Record<string, Name>>): { readonly [key in Name]?: string } {
  const found = Object.entries(names).flatMap(([option, name]) =>
    typeof values[option] === "string" ? [[name, values[option]] as const] : [],
  );
  return Object.fromEntries(found) as { readonly [key in Name]?: string };
}

function formatNames(): string {
  return exportTargets.map(({ id }) => id).join(", ");
}

function bad(message: string, nextStep: string): Result<never> {
  return err({ reason: "bad-arguments", message, nextStep });
}
