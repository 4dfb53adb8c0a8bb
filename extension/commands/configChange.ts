import { Uri } from "vscode";
import type { Command } from "./services";
import { targetOf } from "./target";

/** Shows the change of the config that the marks speak for, if they do. */
export const reviewConfigChange: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target !== undefined) await services.configReview.review({ dataset: target.dataset.toString() });
};

export const acceptConfigChange: Command = async ({ configReview }, argument) => {
  await configReview.accept(argument instanceof Uri ? argument : undefined);
};

export const discardConfigChange: Command = async ({ configReview }, argument) => {
  await configReview.discard(argument instanceof Uri ? argument : undefined);
};
