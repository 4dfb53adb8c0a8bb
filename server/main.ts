/** Entry of the language server process. */
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import packageJson from "../package.json";
import type { Logger } from "#core/ports";
import { startServer } from "./lsp/server";
import { makeServerHost } from "./serverHost";

const connection = createConnection(ProposedFeatures.all);

const logger: Logger = (level, message, data) => {
  const text = data === undefined ? message : `${message} ${JSON.stringify(data)}`;
  if (level === "error") connection.console.error(text);
  else if (level === "warn") connection.console.warn(text);
  else if (level === "info") connection.console.info(text);
  else connection.console.debug(text);
};

startServer(connection, (start) => makeServerHost({ ...start, distFolder: __dirname, tool: `nearmiss ${packageJson.version}`, logger }));
