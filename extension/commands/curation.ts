import type { Command } from "./services";
import { targetOf } from "./target";

/** Opens the panel of a data set with the curation view. */
export const showCuration: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target !== undefined) services.panels.carryOut(target.dataset, "show_curation");
};
