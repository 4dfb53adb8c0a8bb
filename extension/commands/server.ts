import type { Command } from "./services";

export const restartServer: Command = async ({ client }) => {
  await client.restart();
};

export const showLog: Command = ({ log }) => {
  log.show();
};
