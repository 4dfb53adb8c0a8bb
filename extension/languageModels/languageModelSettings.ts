import type { ChatSettings } from "#protocol/chat";
import type { Failure, Outcome } from "#protocol/outcome";
import { parseEndpoint } from "./endpoint";
import type { Endpoint } from "./endpoint";

/** The settings below "nearmiss.languageModel", checked: VS Code underlines a wrong value and hands it out all the same. */
export interface LanguageModelSettings extends Omit<ChatSettings, "endpoint"> {
  readonly endpoint?: Endpoint;
  /** Names of models at the endpoint. */
  readonly models: readonly string[];
}

/** A setting's value by its name below "nearmiss.languageModel"; undefined or null where it is not set. */
export type SettingOf = (name: string) => unknown;

/** The limits that the manifest states as well. */
const MOST_CONCURRENT = 16;
const LONGEST_TIMEOUT = 3600;

/** Fails at the first value that is not what its setting asks for. */
export function languageModelSettings(setting: SettingOf): Outcome<LanguageModelSettings> {
  const endpoint = readEndpoint(setting("endpoint"));
  if (!endpoint.ok) return endpoint;
  const models = readModels(setting("models") ?? []);
  if (!models.ok) return models;
  const concurrency = readWhole("concurrency", setting("concurrency") ?? 2, MOST_CONCURRENT);
  if (!concurrency.ok) return concurrency;
  const timeout = readWhole("timeout", setting("timeout") ?? 120, LONGEST_TIMEOUT);
  if (!timeout.ok) return timeout;
  const prices = readPrices("inputPrice", "outputPrice", setting);
  if (!prices.ok) return prices;
  const confirming = readPrices("confirmingInputPrice", "confirmingOutputPrice", setting);
  if (!confirming.ok) return confirming;
  return {
    ok: true,
    value: {
      models: models.value,
      concurrency: concurrency.value,
      timeout: timeout.value,
      ...(endpoint.value === undefined ? {} : { endpoint: endpoint.value }),
      ...(prices.value === undefined ? {} : { prices: prices.value }),
      ...(confirming.value === undefined ? {} : { confirmingPrices: confirming.value }),
    },
  };
}

/** The endpoint, by the value of its setting; undefined where none is set. */
export function readEndpoint(value: unknown): Outcome<Endpoint | undefined> {
  const text = value ?? "";
  return typeof text === "string" ? parseEndpoint(text) : wrong("endpoint", "must be a text");
}

function readModels(value: unknown): Outcome<readonly string[]> {
  const names = Array.isArray(value) ? (value as readonly unknown[]) : undefined;
  if (names === undefined || !names.every((name) => typeof name === "string")) return wrong("models", "must be a list of texts");
  return { ok: true, value: [...new Set(names.map((name) => name.trim()).filter((name) => name !== ""))] };
}

function readWhole(name: string, value: unknown, most: number): Outcome<number> {
  const fits = typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
  return fits ? { ok: true, value } : wrong(name, `is ${JSON.stringify(value)} and must be a whole number from 1 to ${String(most)}`);
}

/** Prices for input and output; undefined where neither is given. With one of them alone no cost could be told. */
function readPrices(inputName: string, outputName: string, setting: SettingOf): Outcome<{ input: number; output: number } | undefined> {
  const [input, output] = [setting(inputName) ?? null, setting(outputName) ?? null];
  if (input === null && output === null) return { ok: true, value: undefined };
  if (!isPrice(input)) return wrong(inputName, `is ${JSON.stringify(input)} and must be a number of at least 0, as ${outputName} is set`);
  if (!isPrice(output)) return wrong(outputName, `is ${JSON.stringify(output)} and must be a number of at least 0, as ${inputName} is set`);
  return { ok: true, value: { input, output } };
}

function isPrice(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function wrong(name: string, what: string): { readonly ok: false; readonly failure: Failure } {
  const message = `The setting nearmiss.languageModel.${name} ${what}.`;
  return { ok: false, failure: { reason: "bad-config", message, nextStep: "Correct it in the settings, then try again." } };
}
