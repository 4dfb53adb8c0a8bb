import type { Command } from "./services";
import { targetOf } from "./target";

/** Opens the panel of a data set beside the text, at the query under the cursor. */
export const review: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target !== undefined) services.panels.show(target.dataset, target.line);
};
