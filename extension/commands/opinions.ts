import type { Command } from "./services";
import { targetOf } from "./target";

/** Opens the panel of a data set with the view of second opinions. */
export const showOpinions: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target !== undefined) services.panels.carryOut(target.dataset, "show_opinions");
};

/** Asks for the key of the endpoint that the settings name. */
export const setEndpointKey: Command = async ({ languageModels }) => {
  await languageModels.setKey();
};
