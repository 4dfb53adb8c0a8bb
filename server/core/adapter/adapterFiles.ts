/**
 * An adapter as a folder, `.nearmiss/adapters/NAME`: `config.json` and `model.safetensors` are those of sentence-transformers' module
 * `Dense`, whose `load` reads the folder as it stands (any version that knows safetensors); `card.json` is Nearmiss's.
 */
import * as v from "valibot";
import type { HomeFiles } from "../ports";
import type { Failure } from "../util/failure";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import type { Adapter } from "./adapter";
import { adapterCardSchema } from "./adapterCard";
import type { AdapterCard } from "./adapterCard";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";

export interface LoadedAdapter {
  readonly adapter: Adapter;
  readonly card: AdapterCard;
}

/** What the encoder in use needs of an adapter. */
export interface ExpectedEncoder {
  readonly dimensions: number;
  readonly fingerprint: string;
}

/** Folder of the adapters in `.nearmiss`. */
export const ADAPTERS = "adapters";
const WEIGHTS = "model.safetensors";
const CARD = "card.json";
/** Name of the matrix in `Dense`, [out, in]. */
const TENSOR = "linear.weight";

/** Folder of an adapter in `.nearmiss`. */
export function adapterFolder(name: string): string {
  return `${ADAPTERS}/${name}`;
}

/**
 * Writes an adapter, in the place of one of the same name. The weights go first: a card is only there with weights. Same adapter and card,
 * same bytes.
 */
export async function writeAdapter(home: HomeFiles, name: string, adapter: Adapter, card: AdapterCard): Promise<Result<null>> {
  const { dimensions, weight } = adapter;
  const flaw = flawOfWeight(weight);
  if (flaw !== undefined) return err({ reason: "bad-model", message: `The adapter "${name}" was not kept: ${flaw}`, nextStep: RETRAIN });
  const folder = adapterFolder(name);
  const weights = encodeSafetensors(new Map([[TENSOR, { shape: [dimensions, dimensions], data: weight }]]));
  const written = await home.writeBytes(`${folder}/${WEIGHTS}`, weights);
  if (!written.ok) return written;
  const configured = await home.writeText(`${folder}/config.json`, json(denseConfig(dimensions)));
  return configured.ok ? home.writeText(`${folder}/${CARD}`, json(card)) : configured;
}

/** Reads an adapter by its name. Fails in words where it is missing or broken, or was made for another encoder than `expected`. */
export async function readAdapter(home: HomeFiles, name: string, expected?: ExpectedEncoder): Promise<Result<LoadedAdapter>> {
  const folder = adapterFolder(name);
  const read = await readAdapterFolder({ files: home, folder, shown: `.nearmiss/${folder}` }, expected);
  if (read.ok || read.failure.reason !== "missing-file") return read;
  const others = await adapterNames(home);
  if (!others.ok) return others;
  const known = others.value.length === 0 ? "" : `, or to one of ${others.value.slice(0, 5).join(", ")}`;
  return err({ ...read.failure, nextStep: `Set model.adapter to null${known}.` });
}

/** A folder that holds an adapter, among files that need not be those of a project. */
export interface AdapterFolder {
  readonly files: HomeFiles;
  readonly folder: string;
  /** The folder as failures name it. */
  readonly shown: string;
}

/** As `readAdapter`, for an adapter anywhere. */
export async function readAdapterFolder(at: AdapterFolder, expected?: ExpectedEncoder): Promise<Result<LoadedAdapter>> {
  const { files, folder, shown } = at;
  const bytes = await files.readBytes(`${folder}/${WEIGHTS}`);
  if (!bytes.ok) return bytes.failure.reason === "missing-file" ? err(noAdapter(shown)) : bytes;
  const card = await readCard(at);
  if (!card.ok) return card;
  const { sides, base_model: made } = card.value;
  const weight = weightIn(bytes.value, made.dimensions);
  if (!weight.ok) return err(bad(`${shown}/${WEIGHTS}`, weight.failure.message));
  const fits = expected === undefined ? ok(null) : requireEncoder(card.value, expected, shown);
  if (!fits.ok) return fits;
  return ok({ adapter: { sides, dimensions: made.dimensions, weight: weight.value }, card: card.value });
}

/** Fails where the adapter was made for another encoder than `expected`; `shown` is the folder as the failure names it. */
export function requireEncoder(card: AdapterCard, expected: ExpectedEncoder, shown: string): Result<null> {
  const mismatch = mismatchOf(card, expected);
  return mismatch === undefined ? ok(null) : err({ reason: "bad-model", ...mismatch, place: { file: shown } });
}

/** Names of the adapters there are, sorted. */
export async function adapterNames(home: HomeFiles): Promise<Result<readonly string[]>> {
  const folders = await home.list(ADAPTERS);
  if (!folders.ok) return folders;
  const names: string[] = [];
  for (const name of folders.value) {
    const files = await home.list(adapterFolder(name));
    if (!files.ok) return files;
    if (files.value.includes(WEIGHTS)) names.push(name);
  }
  return ok(names);
}

/** The keys that `Dense` has had since its first version; the newer ones have defaults that fit. */
function denseConfig(dimensions: number): object {
  return { in_features: dimensions, out_features: dimensions, bias: false, activation_function: "torch.nn.modules.linear.Identity" };
}

const RETRAIN = "Train again, for example with a lower training.learning_rate.";
const FROZEN = "Set model.adapter to null";

function flawOfWeight(weight: Float32Array): string | undefined {
  const at = weight.findIndex((value) => !Number.isFinite(value));
  return at === -1 ? undefined : `Its matrix has a number that is not finite, ${String(weight[at])}, at position ${String(at)}.`;
}

function mismatchOf(
  { base_model: made }: AdapterCard,
  { dimensions, fingerprint }: ExpectedEncoder,
): Pick<Failure, "message" | "nextStep"> | undefined {
  const nextStep = `${FROZEN}, or go back to the encoder that it was made for.`;
  if (made.dimensions !== dimensions) {
    const message = `The adapter moves vectors of ${String(made.dimensions)} numbers, but those of the encoder have ${String(dimensions)}: it was made for ${JSON.stringify(made.id)}.`;
    return { message, nextStep };
  }
  if (made.fingerprint === fingerprint) return undefined;
  return {
    message: `The adapter was made for another encoder, ${JSON.stringify(made.id)}, or for another version or precision of the same.`,
    nextStep,
  };
}

/** The matrix in the bytes of a file, checked. */
function weightIn(bytes: Uint8Array, dimensions: number): Result<Float32Array> {
  const tensors = decodeSafetensors(bytes);
  if (!tensors.ok) return tensors;
  const refused = (message: string): Result<never> => err({ reason: "bad-model", message });
  const weight = tensors.value.get(TENSOR);
  if (weight === undefined) return refused(`It has no tensor "${TENSOR}".`);
  if (weight.shape.length !== 2 || weight.shape.some((size) => size !== dimensions)) {
    const needed = [dimensions, dimensions].join(", ");
    return refused(`"${TENSOR}" has the shape [${weight.shape.join(", ")}], but its card says [${needed}].`);
  }
  const flaw = flawOfWeight(weight.data);
  return flaw === undefined ? ok(weight.data) : refused(flaw);
}

async function readCard({ files, folder, shown }: AdapterFolder): Promise<Result<AdapterCard>> {
  const text = await files.readText(`${folder}/${CARD}`);
  const file = `${shown}/${CARD}`;
  if (!text.ok) {
    return text.failure.reason === "missing-file" ? err(bad(file, "The adapter has no card, which says what it was made for.")) : text;
  }
  const value = parseJson(text.value);
  if (value === undefined) return err(bad(file, "The card is not JSON."));
  const parsed = v.safeParse(adapterCardSchema, value);
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  return err(bad(file, `The card is not one of Nearmiss: ${v.getDotPath(issue) ?? "it"} is not as expected (${issue.message}).`));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function noAdapter(shown: string): Failure {
  return {
    reason: "missing-file",
    message: "There is no adapter here: model.safetensors is missing.",
    nextStep: "Check its name.",
    place: { file: shown },
  };
}

function bad(file: string, message: string): Failure {
  return {
    reason: "bad-model",
    message,
    nextStep: `${FROZEN}, or train the adapter again.`,
    place: { file },
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
