import type { Connection } from "vscode-languageserver";
import type { Config } from "#core/config/config";
import { initialConfigText, removeConfigValue, setConfigValue } from "#core/config/editConfig";
import { parseConfig } from "#core/config/parseConfig";
import { readConfig } from "#core/config/readConfig";
import { pathText } from "#core/config/settingPath";
import { ProposalMaker } from "#core/curation/proposals";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { locateConfig, previewSampler, proposedConfig, proposeSampler, samplerState } from "#protocol/sampler";
import type { ConfigEdit, PreviewAnswer, ProposalAnswer, SettingEdit } from "#protocol/sampler";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import { handle } from "../requests";
import type { ServerHost } from "../serverHost";
import { vectorsNotReady } from "../vectorsNotReady";
import { proposalView } from "../views/proposalView";
import { samplerPreviewView } from "../views/samplerPreviewView";
import { samplerStateView } from "../views/samplerStateView";

/** What the marks and a person's sliders say about the sampler. Nothing here writes the configuration. */
export function registerSampler(connection: Connection, datasets: Datasets, host: ServerHost): void {
  const makers = new WeakMap<OpenDataset, ProposalMaker>();
  handle(connection, proposeSampler, async ({ dataset, fresh }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    const maker = makers.get(opened.value) ?? makerFor(opened.value);
    makers.set(opened.value, maker);
    return await proposals(opened.value, maker, fresh === true);
  });
  handle(connection, proposedConfig, async ({ dataset, edits }) => {
    const opened = await datasets.open(dataset);
    return opened.ok ? proposedEdit(opened.value, host, edits) : opened;
  });
  handle(connection, locateConfig, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    const { configFile, configText } = opened.value.loaded;
    return ok({ uri: host.toUri(configFile), exists: configText !== undefined, initialText: initialConfigText() });
  });
  handle(connection, samplerState, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    return opened.ok ? ok(samplerStateView(opened.value.session.config, opened.value.session.revision)) : opened;
  });
  handle(connection, previewSampler, async ({ dataset, edits }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    // Whoever opens the sampler before a review wants vectors as well.
    if (opened.value.session.status.phase === "idle") datasets.startVectors(opened.value);
    return await preview(opened.value, host, edits);
  });
}

function makerFor({ session, curation }: OpenDataset): ProposalMaker {
  return new ProposalMaker({
    session,
    audit: () => curation.audit(),
    askFirst: (pairs, salt) => {
      curation.askFirst(pairs, salt);
    },
  });
}

async function proposals({ session }: OpenDataset, maker: ProposalMaker, isFresh: boolean): Promise<Result<ProposalAnswer>> {
  if (session.status.phase !== "ready") {
    return ok({ proposals: [], why: "Embeddings are still being made; settings are tried on similarities." });
  }
  const step = await maker.now(isFresh);
  if (!step.ok) return step;
  if (step.value.kind === "mining") return ok({ proposals: [], mining: { done: step.value.done, total: step.value.total } });
  return ok(proposalView(step.value));
}

async function preview(dataset: OpenDataset, host: ServerHost, edits: readonly SettingEdit[]): Promise<Result<PreviewAnswer>> {
  const { session } = dataset;
  const started = host.stopwatch();
  const edited = editedConfig(dataset, edits);
  const config = edited.ok ? host.permit(edited.value) : edited;
  if (!config.ok) return config;
  const { status } = session;
  if (status.phase !== "ready") return err(vectorsNotReady(status, "What the sampler does is counted"));
  const step = await session.preview(config.value);
  if (!step.ok) return step;
  if (step.value.kind === "mining") return ok(step.value);
  const { summary, queries, sampled } = step.value;
  const frame = { revision: session.revision, queries, sampled, seconds: host.stopwatch() - started };
  return ok({ kind: "preview", preview: samplerPreviewView(summary, frame) });
}

/** The configuration with edits; the one in force where there are none. */
function editedConfig(dataset: OpenDataset, edits: readonly SettingEdit[]): Result<Config> {
  if (edits.length === 0) return ok(dataset.session.config);
  const text = editedText(dataset, edits);
  return text.ok ? parseEdited(text.value) : text;
}

/** Only the edits can be at fault: the file is in order without them. */
function parseEdited(text: string): Result<Config> {
  const parsed = parseConfig(text);
  return parsed.ok ? parsed : err({ ...parsed.failure, nextStep: "Choose another value; nothing has changed." });
}

function editedText({ loaded: { configFile, configText } }: OpenDataset, edits: readonly SettingEdit[]): Result<string> {
  if (configText !== undefined && readConfig(configText).problems.length > 0) {
    return err({
      reason: "bad-config",
      message: "The config file cannot be read.",
      nextStep: "Correct it first; its problems are in the Problems panel.",
      place: { file: configFile },
    });
  }
  const strange = edits.find(({ path }) => !isEditable(path));
  if (strange !== undefined) {
    return err({ reason: "unsupported", message: `${pathText(strange.path)} is not a setting that the panel changes.` });
  }
  return ok(edits.reduce(withEdit, configText ?? initialConfigText()));
}

/** A panel proposes changes of the sampler, of the training, and of the adapter in use. */
function isEditable(path: SettingEdit["path"]): boolean {
  return path[0] === "sampler" || path[0] === "training" || pathText(path) === "model.adapter";
}

function withEdit(text: string, { path, value }: SettingEdit): string {
  return value === undefined ? removeConfigValue(text, path) : setConfigValue(text, path, value);
}

function proposedEdit(dataset: OpenDataset, host: ServerHost, edits: readonly SettingEdit[]): Result<ConfigEdit> {
  const { configFile, configText } = dataset.loaded;
  const after = editedText(dataset, edits);
  if (!after.ok) return after;
  const parsed = parseEdited(after.value);
  return parsed.ok ? ok({ uri: host.toUri(configFile), before: configText ?? "", after: after.value }) : parsed;
}
