import type { PanelCommand } from "#protocol/host";
import type { Command } from "./services";

/** A command that the panel in front carries out on its present card. Without one, there is nothing that it could be about. */
export function inPanel(command: PanelCommand): Command {
  return ({ panels }) => {
    panels.active?.carryOut(command);
  };
}
