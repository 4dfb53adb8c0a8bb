import type { Connection } from "vscode-languageserver";
import { judgedPairs } from "#core/calibration/judgedPairs";
import { proposeSampler as advise } from "#core/calibration/proposeSampler";
import type { SamplerAdvice } from "#core/calibration/proposeSampler";
import { initialConfigText, setConfigValue } from "#core/config/editConfig";
import { readConfig } from "#core/config/readConfig";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { locateConfig, proposedConfig, proposeSampler } from "#protocol/sampler";
import type { ConfigEdit } from "#protocol/sampler";
import type { Datasets } from "../datasets";
import type { OpenDataset } from "../openDataset";
import { handle } from "../requests";
import type { ServerHost } from "../serverHost";

/** What the marks say about the sampler. Nothing here writes the configuration. */
export function registerSampler(connection: Connection, datasets: Datasets, host: ServerHost): void {
  handle(connection, proposeSampler, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    const advice = adviceFor(opened.value);
    return ok("change" in advice ? { proposal: advice.change } : { why: advice.why });
  });
  handle(connection, proposedConfig, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    return opened.ok ? proposedEdit(opened.value, host) : opened;
  });
  handle(connection, locateConfig, async ({ dataset }) => {
    const opened = await datasets.open(dataset);
    if (!opened.ok) return opened;
    const { configFile, configText } = opened.value.loaded;
    return ok({ uri: host.toUri(configFile), exists: configText !== undefined, initialText: initialConfigText() });
  });
}

function adviceFor({ session, journal }: OpenDataset): SamplerAdvice {
  const { model } = session.status;
  if (model === undefined) return { why: "Embeddings are still being made; a change is computed from similarities." };
  return advise(judgedPairs(journal.folded.inForce(), model.fingerprint), session.config.sampler);
}

function proposedEdit(dataset: OpenDataset, host: ServerHost): Result<ConfigEdit> {
  const advice = adviceFor(dataset);
  if (!("change" in advice)) return err({ reason: "not-ready", message: "The marks suggest no change.", nextStep: advice.why });
  const { configFile, configText } = dataset.loaded;
  if (configText !== undefined && readConfig(configText).problems.length > 0) {
    return err({
      reason: "bad-config",
      message: "The config file cannot be read.",
      nextStep: "Correct it first; its problems are in the Problems panel.",
      place: { file: configFile },
    });
  }
  const { parameter, to } = advice.change;
  const after = setConfigValue(configText ?? initialConfigText(), ["sampler", parameter], to);
  return ok({ uri: host.toUri(configFile), before: configText ?? "", after });
}
