import type { ChatModelRef } from "#protocol/chat";
import type { Failure } from "#protocol/outcome";
import type { Endpoint } from "./endpoint";

/** A language model as VS Code describes it. */
export interface OfferedModel {
  readonly id: string;
  readonly vendor: string;
  readonly name: string;
  readonly family: string;
  readonly maxInputTokens: number;
}

/** What can be chosen in the list of models. */
export type Choice =
  | { readonly kind: "model"; readonly model: ChatModelRef }
  /** Another model of the endpoint, whose name is typed in. */
  | { readonly kind: "name"; readonly endpoint: Endpoint }
  | { readonly kind: "key" }
  | { readonly kind: "settings" };

/** A row of the list, or a heading among the rows. */
export type ChoiceRow =
  | { readonly heading: string }
  | { readonly label: string; readonly description?: string; readonly detail?: string; readonly choice: Choice };

export interface Offers {
  readonly offered: readonly OfferedModel[];
  readonly endpoint: Endpoint | undefined;
  /** Names of models at the endpoint. */
  readonly models: readonly string[];
  readonly hasKey: boolean;
  /** Why the settings or the endpoint's key cannot be used. */
  readonly failure?: Failure;
}

/** The rows of the list of models: VS Code's own, those of the endpoint, and how to come to more. */
export function modelChoices({ offered, endpoint, models, hasKey, failure }: Offers): readonly ChoiceRow[] {
  const vscode = [...offered].sort(byVendorAndName).map(offeredRow);
  // VS Code shows the last of several headings in a row only.
  const place = endpoint === undefined ? "No endpoint is set" : `Endpoint ${endpoint.host}`;
  return [
    ...(vscode.length > 0 ? [{ heading: "Language models in VS Code" }, ...vscode] : []),
    { heading: vscode.length > 0 ? place : `VS Code offers no language model · ${place}` },
    ...(endpoint === undefined ? [] : endpointRows(endpoint, models, hasKey)),
    {
      label: endpoint === undefined ? "Set up an endpoint…" : "Change the endpoint…",
      detail:
        failure === undefined
          ? "Any OpenAI-compatible service: Ollama, llama.cpp, vLLM, LM Studio, or a hosted one. Opens the settings."
          : [failure.message, failure.nextStep].filter(Boolean).join(" "),
      choice: { kind: "settings" },
    },
  ];
}

/** A model of VS Code as the rest of the program names it. Two vendors may use the same id. */
export function refOfOffered({ id, vendor, name, maxInputTokens }: OfferedModel): ChatModelRef {
  return { provider: "vscode", id: `${vendor}/${id}`, label: name === "" ? id : name, offeredBy: vendor, maxInputTokens };
}

export function refAtEndpoint(name: string, { host }: Endpoint): ChatModelRef {
  return { provider: "endpoint", id: name, label: name, offeredBy: host };
}

/** Why a name of a model cannot be one; undefined where it can. */
export function nameProblem(name: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed === "") return "Type the name that the service has for the model.";
  return /\p{Cc}/u.test(trimmed) ? "The name holds a control character." : undefined;
}

function offeredRow(model: OfferedModel): ChoiceRow {
  const ref = refOfOffered(model);
  return {
    label: ref.label,
    description: model.vendor,
    detail: `${model.family === "" ? "" : `${model.family} · `}questions of up to ${model.maxInputTokens.toLocaleString("en")} tokens`,
    choice: { kind: "model", model: ref },
  };
}

function endpointRows(endpoint: Endpoint, models: readonly string[], hasKey: boolean): readonly ChoiceRow[] {
  return [
    ...models.map((name): ChoiceRow => {
      const model = refAtEndpoint(name, endpoint);
      return { label: name, description: endpoint.host, choice: { kind: "model", model } };
    }),
    { label: "Another model…", detail: `Type its name at ${endpoint.host}.`, choice: { kind: "name", endpoint } },
    {
      label: hasKey ? "Change the key…" : "Set a key…",
      detail: hasKey
        ? `A key for ${endpoint.origin} is kept.`
        : `No key for ${endpoint.origin} is kept; a service on this machine seldom needs one.`,
      choice: { kind: "key" },
    },
  ];
}

function byVendorAndName(a: OfferedModel, b: OfferedModel): number {
  return compare(a.vendor, b.vendor) || compare(a.name, b.name) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
