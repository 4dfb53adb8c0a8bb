import { resumeWork, stopWork } from "#protocol/status";
import { valueOrShow } from "../showFailure";
import type { Command } from "./services";
import { targetOf } from "./target";

/** Stops embedding and mining of a data set; lexical candidates and marking go on. */
export const stop: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target !== undefined) valueOrShow(await services.client.request(stopWork, { dataset: target.dataset.toString() }));
};

/** Goes on where `stop` stopped, or tries again after a failure. */
export const resume: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target !== undefined) valueOrShow(await services.client.request(resumeWork, { dataset: target.dataset.toString() }));
};
