import type { Connection } from "vscode-languageserver";
import type { Prices } from "#core/chat/chat";
import type { ModelInUse, PlannedModel } from "#core/labelling/labellingOrder";
import { failureText } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { chatSettings } from "#protocol/chat";
import type { ChatModelRef, ChatSettings } from "#protocol/chat";
import {
  labellingState,
  pauseLabelling,
  planLabelling,
  readLabellingBatch,
  resumeLabelling,
  startLabelling,
  stopLabelling,
  writeLabellingBatch,
} from "#protocol/labelling";
import type { BatchParams, LabellingParams, LabellingPlanAnswer, ReadBatch, StartLabellingParams, WrittenBatch } from "#protocol/labelling";
import { ClientChat } from "../clientChat";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import { askClient, handle } from "../requests";
import type { ServerHost } from "../serverHost";
import { toldFailure } from "../toldFailure";
import { labellingState as stateView } from "../views/labellingView";

/** So many problems of a batch file are told. */
const MOST_PROBLEMS = 20;

interface Parts {
  readonly connection: Connection;
  readonly datasets: Datasets;
  readonly host: ServerHost;
}

/** Second opinions of language models: what a run would ask, the run itself, and batches. Nothing is asked of a model outside of a run. */
export function registerLabelling(connection: Connection, datasets: Datasets, host: ServerHost): void {
  const parts: Parts = { connection, datasets, host };
  handle(connection, labellingState, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    const standing = await opened.value.curation.standing(true);
    return standing.ok ? ok(stateView(opened.value, standing.value.left.disagreements ?? 0)) : standing;
  });
  handle(connection, planLabelling, (params) => plan(parts, params));
  handle(connection, startLabelling, (params) => start(parts, params));
  handle(connection, writeLabellingBatch, (params) => writeBatch(parts, params));
  handle(connection, readLabellingBatch, (params) => readBatch(parts, params));
  const actions = [
    [pauseLabelling, (dataset: OpenDataset) => dataset.labelling.pause()],
    [resumeLabelling, (dataset: OpenDataset) => dataset.labelling.resume()],
    [stopLabelling, (dataset: OpenDataset) => dataset.labelling.stop()],
  ] as const;
  for (const [type, act] of actions) {
    handle(connection, type, async ({ dataset }) => {
      const opened = await datasets.open(dataset);
      if (opened.ok) act(opened.value);
      return opened.ok ? ok(null) : opened;
    });
  }
}

async function plan({ connection, datasets }: Parts, params: LabellingParams): Promise<Result<LabellingPlanAnswer>> {
  const opened = await datasets.open(params.dataset);
  if (!opened.ok) return opened;
  const settings = await settingsOf(connection);
  if (!settings.ok) return settings;
  const { model, confirmWith, task, queries } = params;
  const ask = planned(model, settings.value, settings.value.prices);
  if (!ask.ok) return ask;
  const confirm = confirmWith === undefined ? undefined : planned(confirmWith, settings.value, settings.value.confirmingPrices);
  if (confirm?.ok === false) return confirm;
  const order = { task, queries, ask: ask.value, ...(confirm === undefined ? {} : { confirm: confirm.value }) };
  return await opened.value.labelling.plan(order);
}

async function start({ connection, datasets, host }: Parts, params: StartLabellingParams): Promise<Result<null>> {
  const opened = await datasets.open(params.dataset);
  if (!opened.ok) return opened;
  const settings = await settingsOf(connection);
  if (!settings.ok) return settings;
  const { model, confirmWith, task, queries, dryRun } = params;
  const inUse = (ref: ChatModelRef, prices: Prices | undefined) => modelInUse(ref, prices, { connection, host, settings: settings.value });
  const ask = inUse(model, settings.value.prices);
  if (!ask.ok) return ask;
  const confirm = confirmWith === undefined ? undefined : inUse(confirmWith, settings.value.confirmingPrices);
  if (confirm?.ok === false) return confirm;
  const order = { task, queries, dryRun, ask: ask.value, concurrency: settings.value.concurrency };
  return await opened.value.labelling.start({ ...order, ...(confirm === undefined ? {} : { confirm: confirm.value }) });
}

async function writeBatch({ datasets, host }: Parts, params: BatchParams): Promise<Result<WrittenBatch>> {
  const opened = await datasets.open(params.dataset);
  if (!opened.ok) return opened;
  const path = host.toPath(params.file);
  if (path === undefined) return noFile(params.file);
  const { task, queries, model, confirmWith } = params;
  const named = ({ id, offeredBy }: ChatModelRef): PlannedModel => ({ name: id, goesTo: offeredBy });
  const order = { task, queries, ask: named(model), ...(confirmWith === undefined ? {} : { confirm: named(confirmWith) }) };
  const batch = await opened.value.labelling.writeBatch(order);
  if (!batch.ok) return batch;
  const { lines, later } = batch.value;
  if (lines.length === 0) {
    const message = "There is no question without an answer, so that no file was written.";
    return err({ reason: "not-ready", message, nextStep: "Begin the run: it asks nothing that was answered before." });
  }
  const written = await host.writeNew(path, lines);
  return written.ok ? ok({ file: path, requests: lines.length, later }) : written;
}

async function readBatch(
  { datasets, host }: Parts,
  params: { readonly dataset: string; readonly file: string },
): Promise<Result<ReadBatch>> {
  const opened = await datasets.open(params.dataset);
  if (!opened.ok) return opened;
  const path = host.toPath(params.file);
  if (path === undefined) return noFile(params.file);
  const lines = await host.readLines(path);
  if (!lines.ok) return lines;
  const read = await opened.value.labelling.readBatch(lines.value);
  return read.ok ? ok({ answers: read.value.answers, problems: read.value.problems.slice(0, MOST_PROBLEMS).map(failureText) }) : read;
}

/** What the person's settings say now. The key in them lives as long as what is made of it. */
async function settingsOf(connection: Connection): Promise<Result<ChatSettings>> {
  const told = await askClient(connection, chatSettings, {});
  return told.ok ? told : err(toldFailure(told.failure));
}

function planned(ref: ChatModelRef, settings: ChatSettings, prices: Prices | undefined): Result<PlannedModel> {
  const place = placeOf(ref, settings);
  if (!place.ok) return place;
  const goesTo = ref.provider === "endpoint" ? place.value : `${ref.label} of ${ref.offeredBy}`;
  return ok({ name: ref.id, goesTo, ...(prices === undefined ? {} : { prices }) });
}

interface InUse {
  readonly connection: Connection;
  readonly host: ServerHost;
  readonly settings: ChatSettings;
}

function modelInUse(model: ChatModelRef, prices: Prices | undefined, { connection, host, settings }: InUse): Result<ModelInUse> {
  const place = placeOf(model, settings);
  if (!place.ok) return place;
  const isEndpoint = model.provider === "endpoint" && settings.endpoint !== undefined;
  const chat = isEndpoint
    ? host.createEndpointChat(settings.endpoint, settings.timeout)
    : new ClientChat({ connection, model, later: host.later });
  return ok({ name: model.id, chat, ...(prices === undefined ? {} : { prices }) });
}

/** Who would get the texts: the host of the endpoint, or who offers the editor's model. Fails where that is not whom the person chose. */
function placeOf({ provider, label, offeredBy }: ChatModelRef, { endpoint }: ChatSettings): Result<string> {
  if (provider === "vscode") return ok(offeredBy);
  if (endpoint === undefined) {
    return err({
      reason: "bad-config",
      message: `${label} is a model at an endpoint, and no endpoint is set.`,
      nextStep:
        'Set nearmiss.languageModel.endpoint to its address, and its key, where it needs one, by the command "Nearmiss: Set Key of Language Model Endpoint".',
    });
  }
  const host = hostOf(endpoint.url);
  // Addresses with other letters have another spelling on the wire, which only the client knows.
  if (host === offeredBy || !/^[!-~]+$/u.test(host)) return ok(host);
  return err({
    reason: "bad-config",
    message: `${label} was chosen at ${offeredBy}, and nearmiss.languageModel.endpoint names ${host} now.`,
    nextStep: "Choose the model again.",
  });
}

/** Host and port as in the addresses of browsers: in small letters, without the port that goes without saying. */
function hostOf(url: string): string {
  const [, scheme = "", host = ""] = /^(https?):\/\/(?:[^/?#]*@)?([^/?#]*)/u.exec(url.trim().toLowerCase()) ?? [];
  const usual = scheme === "https" ? ":443" : ":80";
  return host.endsWith(usual) ? host.slice(0, -usual.length) : host;
}

function noFile(uri: string): Result<never> {
  return err({ reason: "unsupported", message: `${uri} is not a file on this machine.`, nextStep: "Choose a file on this machine." });
}
