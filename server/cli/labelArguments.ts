import { err, ok } from "#core/util/result";
import type { Prices } from "#core/chat/chat";
import type { LabellingTask } from "#core/labelling/labellingOrder";
import type { Result } from "#core/util/result";
import type { MiningArguments } from "./arguments";

/** What language models are asked about a data set, and whether they are asked at all. */
export interface LabelArguments extends MiningArguments {
  readonly command: "label";
  /** "plan" says what would be sent. "dryRun" and "send" send it; "writeBatch" and "readBatch" exchange files instead. */
  readonly action:
    | { readonly kind: "plan" | "dryRun" | "send" }
    | { readonly kind: "writeBatch"; readonly file: string }
    /** `rest`: whether questions that the file has no answer to are sent. */
    | { readonly kind: "readBatch"; readonly file: string; readonly rest: "leave" | "send" };
  /** Base address of an OpenAI-compatible service; absent where nothing is sent and no plan says where to. */
  readonly endpoint?: string;
  readonly task: LabellingTask;
  readonly ask: NamedModel;
  readonly confirm?: NamedModel;
  /** Absent: `labelling.queries`. */
  readonly queries?: number;
  readonly concurrency: number;
  /** Seconds for each try of a question. */
  readonly timeout: number;
  readonly json: boolean;
}

export interface NamedModel {
  readonly name: string;
  readonly prices?: Prices;
}

/** The command's own options, in the form of Node's `parseArgs`. */
export const labelOptions = {
  endpoint: { type: "string" },
  task: { type: "string", default: "judge" },
  "confirm-with": { type: "string" },
  queries: { type: "string" },
  concurrency: { type: "string", default: "2" },
  timeout: { type: "string", default: "120" },
  "input-price": { type: "string" },
  "output-price": { type: "string" },
  "confirm-input-price": { type: "string" },
  "confirm-output-price": { type: "string" },
  "dry-run": { type: "boolean" },
  send: { type: "boolean" },
  "write-batch": { type: "string" },
  "read-batch": { type: "string" },
  json: { type: "boolean" },
} as const;

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** Checks the command's own options. `shared` is how the data set is read. */
export function labelArguments(values: Values, shared: MiningArguments): Result<LabelArguments> {
  const { endpoint } = values;
  const task = values["task"];
  if (task !== "judge" && task !== "answer") return bad(`--task ${String(task)} is neither judge nor answer.`, "For example --task judge.");
  const action = readAction(values);
  if (!action.ok) return action;
  const { kind } = action.value;
  const isOffline = kind === "writeBatch" || (kind === "readBatch" && action.value.rest === "leave");
  if (!isOffline && (typeof endpoint !== "string" || endpoint === ""))
    return bad("label needs --endpoint.", "For example --endpoint http://localhost:11434/v1.");
  const models = readModels(values, task);
  if (!models.ok) return models;
  const numbers = readNumbers(values);
  if (!numbers.ok) return numbers;
  return ok({
    command: "label",
    ...shared,
    action: action.value,
    ...(typeof endpoint === "string" ? { endpoint } : {}),
    task,
    ...models.value,
    ...numbers.value,
    json: values["json"] === true,
  });
}

function readAction(values: Values): Result<LabelArguments["action"]> {
  const { send, "dry-run": dryRun, "write-batch": write, "read-batch": read } = values;
  const given = [
    ...(send === true ? ["--send"] : []),
    ...(dryRun === true ? ["--dry-run"] : []),
    ...(write === undefined ? [] : ["--write-batch"]),
    ...(read === undefined ? [] : ["--read-batch"]),
  ];
  const isRest = given.length === 2 && send === true && read !== undefined;
  if (given.length > 1 && !isRest) return bad(`${given.join(" and ")} do not go together.`, "Do one after the other.");
  if (write === "" || read === "") return bad(`${given.at(-1) ?? ""} needs a file.`, "Name a .jsonl file.");
  if (typeof write === "string") return ok({ kind: "writeBatch", file: write });
  if (typeof read === "string") return ok({ kind: "readBatch", file: read, rest: isRest ? "send" : "leave" });
  return ok({ kind: send === true ? "send" : dryRun === true ? "dryRun" : "plan" });
}

function readModels(values: Values, task: LabellingTask): Result<{ readonly ask: NamedModel; readonly confirm?: NamedModel }> {
  const { model, "confirm-with": confirm } = values;
  if (typeof model !== "string" || model === "") return bad("label needs --model.", "Name the language model as its service has it.");
  const prices = readPrices(values, "");
  if (!prices.ok) return prices;
  const confirmingPrices = readPrices(values, "confirm-");
  if (!confirmingPrices.ok) return confirmingPrices;
  const ask = named(model, prices.value);
  if (confirm === undefined) {
    return confirmingPrices.value === undefined
      ? ok({ ask })
      : bad("--confirm-input-price goes with --confirm-with.", "Name the confirming model, or leave its prices out.");
  }
  if (typeof confirm !== "string" || confirm === "") return bad("--confirm-with needs a model.", "Name it as its service has it.");
  if (task === "answer") return bad("--confirm-with goes with --task judge alone.", "Leave it out.");
  return ok({ ask, confirm: named(confirm, confirmingPrices.value) });
}

function named(name: string, prices: Prices | undefined): NamedModel {
  return prices === undefined ? { name } : { name, prices };
}

function readPrices(values: Values, prefix: "" | "confirm-"): Result<Prices | undefined> {
  const [inputName, outputName] = [`${prefix}input-price`, `${prefix}output-price`];
  const [input, output] = [values[inputName], values[outputName]];
  if (input === undefined && output === undefined) return ok(undefined);
  if (input === undefined || output === undefined) return bad(`--${inputName} and --${outputName} go together.`, "Give both, or neither.");
  for (const [name, price] of [
    [inputName, input],
    [outputName, output],
  ] as const) {
    if (typeof price !== "string" || !/^\d{1,9}(?:\.\d{1,9})?$/u.test(price))
      return bad(`--${name} ${String(price)} is not a price.`, "Give the money for a million tokens, such as 0.15.");
  }
  return ok({ input: Number(input), output: Number(output) });
}

function readNumbers(values: Values): Result<Pick<LabelArguments, "queries" | "concurrency" | "timeout">> {
  const found: { queries?: number; concurrency: number; timeout: number } = { concurrency: 0, timeout: 0 };
  for (const [name, most] of [
    ["queries", 1_000_000],
    ["concurrency", 64],
    ["timeout", 3600],
  ] as const) {
    const value = values[name];
    if (value === undefined) continue;
    const number = typeof value === "string" && /^[1-9]\d{0,6}$/u.test(value) ? Number(value) : 0;
    if (number < 1 || number > most)
      return bad(`--${name} ${String(value)} is not a whole number from 1 to ${String(most)}.`, `For example --${name} 20.`);
    found[name] = number;
  }
  return ok(found);
}

function bad(message: string, nextStep: string): Result<never> {
  return err({ reason: "bad-arguments", message, nextStep });
}
