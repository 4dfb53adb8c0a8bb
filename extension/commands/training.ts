import { startTraining, stopTraining } from "#protocol/training";
import { valueOrShow } from "../showFailure";
import type { Command } from "./services";
import { targetOf } from "./target";

/** Opens the panel of a data set with the training view. */
export const showTraining: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target !== undefined) services.panels.carryOut(target.dataset, "show_training");
};

/** Starts a run for a data set and shows its course. */
export const train: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target === undefined) return;
  services.panels.carryOut(target.dataset, "show_training");
  valueOrShow(await services.client.request(startTraining, { dataset: target.dataset.toString() }));
};

/** Ends the run of a data set after the step it is at. */
export const stopTrainingRun: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target !== undefined) valueOrShow(await services.client.request(stopTraining, { dataset: target.dataset.toString() }));
};
