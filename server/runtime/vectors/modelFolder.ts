import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { ModelChoice } from "#core/ports";
import type { Failure } from "#core/util/failure";
import { err, ok, type Result } from "#core/util/result";
import type { FileHashes } from "./fileHashes";
import { fetchModel } from "./hubModel";
import { modelFiles, onnxFile } from "./modelLayout";

/** How a text's token vectors become one, where the model file does not do so itself. */
export type Pooling = "mean" | "cls";

/** A model in the Xenova layout, ready to be loaded. */
export interface ModelFolder {
  readonly id: string;
  readonly folder: string;
  readonly onnxFile: string;
  readonly precision: ModelChoice["precision"];
  readonly pooling: Pooling;
  readonly maxTokens: number;
  /** SHA-256 over everything that shapes a vector. */
  readonly fingerprint: string;
}

export interface ModelPlaces {
  /** Holds the embedded model's folder. */
  readonly modelsFolder: string;
  /** Downloaded models lie in its folder "models". Undefined where nothing may be kept. */
  readonly cacheFolder?: string;
  /** Relative model folders start here. */
  readonly baseFolder: string;
}

/** A model as its folder or hub id names it. */
export interface WantedModel extends Pick<ModelChoice, "id" | "precision" | "allowDownload"> {
  /** Of the encoder unless given. */
  readonly settings?: ModelSettings;
}

/** What a failure tells people to change. */
export interface ModelSettings {
  /** Name of the setting that holds the model's id. */
  readonly id: string;
  /** What it may be set to. */
  readonly ids: string;
  readonly precision: string;
}

export const ENCODER_SETTINGS: ModelSettings = {
  id: "model.id",
  ids: '"embedded", to a folder that holds config.json, tokenizer.json and onnx/, or to a hub id such as "Xenova/bge-small-en-v1.5"',
  precision: "model.precision",
};

const EMBEDDED_FOLDER = "all-MiniLM-L6-v2";
const HUB_ID = /^\w[\w.-]*\/\w[\w.-]*$/;
/** Raised when the way vectors are made from a model's output changes. */
const ENCODER_VERSION = 1;
const DEFAULT_MAX_TOKENS = 512;

/** Finds the files of the chosen model, fetching them only where the choice allows it. */
export async function findModel(choice: WantedModel, places: ModelPlaces, hashes: FileHashes): Promise<Result<ModelFolder>> {
  const folder = await findFolder(choice, places);
  if (!folder.ok) return folder;
  const missing = await firstMissing(folder.value, choice);
  if (missing !== undefined) return err(missing);
  return describe(choice, folder.value, hashes);
}

async function findFolder(choice: WantedModel, places: ModelPlaces): Promise<Result<string>> {
  if (choice.id === "embedded") return ok(path.join(places.modelsFolder, EMBEDDED_FOLDER));
  const folder = path.resolve(places.baseFolder, choice.id.replace(/^~(?=[/\\])/, os.homedir()));
  if (await isFolder(folder)) return ok(folder);
  const looksLikePath = /^([./~\\]|[A-Za-z]:)/.test(choice.id);
  if (!looksLikePath && HUB_ID.test(choice.id)) return fetchModel(choice, choice.settings?.id ?? ENCODER_SETTINGS.id, places.cacheFolder);
  const { id, ids } = choice.settings ?? ENCODER_SETTINGS;
  return err({ reason: "bad-model", message: `There is no model folder ${folder}.`, nextStep: `Set ${id} to ${ids}.` });
}

async function firstMissing(folder: string, { precision, settings = ENCODER_SETTINGS }: WantedModel): Promise<Failure | undefined> {
  for (const file of modelFiles(precision)) {
    if (await isFile(path.join(folder, file))) continue;
    return {
      reason: "bad-model",
      message: `The folder ${folder} is not a model in the Xenova layout: it has no ${file}.`,
      nextStep:
        file.startsWith("onnx/") && (await isFile(path.join(folder, onnxFile(precision === "fp32" ? "int8" : "fp32"))))
          ? `Set ${settings.precision} to ${precision === "fp32" ? "int8" : "fp32"}, whose file is there, or add the missing one.`
          : `Point ${settings.id} to another folder, or add the file.`,
    };
  }
  return undefined;
}

async function describe(choice: WantedModel, folder: string, hashes: FileHashes): Promise<Result<ModelFolder>> {
  const onnx = path.join(folder, onnxFile(choice.precision));
  const config = await readSettings(path.join(folder, "config.json"));
  const tokenizer = await readSettings(path.join(folder, "tokenizer_config.json"));
  const sentence = await readSettings(path.join(folder, "sentence_bert_config.json"));
  const poolingSettings = await readSettings(path.join(folder, "1_Pooling/config.json"));
  if (!config.ok) return config;
  if (!tokenizer.ok) return tokenizer;
  if (!sentence.ok) return sentence;
  if (!poolingSettings.ok) return poolingSettings;

  const pooling = poolingOf(poolingSettings.value, folder);
  if (!pooling.ok) return pooling;
  const maxTokens = maxTokensOf(config.value, tokenizer.value, sentence.value);
  const parts = [
    await hashes.of(onnx),
    await hashes.of(path.join(folder, "tokenizer.json")),
    await hashes.of(path.join(folder, "tokenizer_config.json")),
  ];
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([ENCODER_VERSION, parts, choice.precision, pooling.value, maxTokens]))
    .digest("hex");
  return ok({
    id: choice.id === "embedded" ? EMBEDDED_FOLDER : choice.id,
    folder,
    onnxFile: onnx,
    precision: choice.precision,
    pooling: pooling.value,
    maxTokens,
    fingerprint,
  });
}

function poolingOf(settings: Settings, folder: string): Result<Pooling> {
  const chosen = Object.keys(settings).filter((key) => key.startsWith("pooling_mode_") && settings[key] === true);
  if (chosen.length === 0 || (chosen.length === 1 && chosen[0] === "pooling_mode_mean_tokens")) return ok("mean");
  if (chosen.length === 1 && chosen[0] === "pooling_mode_cls_token") return ok("cls");
  return err({
    reason: "unsupported",
    message: `The model in ${folder} pools its tokens by ${chosen.join(" and ")}; mean and cls pooling are supported.`,
    nextStep: "Choose another model, or give vectors of your own as .npy files.",
  });
}

/** The smallest limit that any of the model's files names. Some tokenizers write 1e30 for "none". */
function maxTokensOf(config: Settings, tokenizer: Settings, sentence: Settings): number {
  const limits = [tokenizer["model_max_length"], sentence["max_seq_length"], config["max_position_embeddings"]];
  const usable = limits.filter((limit): limit is number => typeof limit === "number" && limit >= 1 && limit <= 1e6);
  return usable.length === 0 ? DEFAULT_MAX_TOKENS : Math.floor(Math.min(...usable));
}

type Settings = Readonly<Record<string, unknown>>;

/** A JSON object; empty where the file is not there. */
async function readSettings(file: string): Promise<Result<Settings>> {
  if (!(await isFile(file))) return ok({});
  try {
    const value: unknown = JSON.parse(await fs.readFile(file, "utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return ok(value as Settings);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return err({
    reason: "bad-model",
    message: `The model's file ${file} is not a JSON object.`,
    nextStep: "Fetch the model again, or choose another.",
  });
}

async function isFolder(place: string): Promise<boolean> {
  return fs.stat(place).then(
    (stat) => stat.isDirectory(),
    () => false,
  );
}

async function isFile(place: string): Promise<boolean> {
  return fs.stat(place).then(
    (stat) => stat.isFile(),
    () => false,
  );
}
