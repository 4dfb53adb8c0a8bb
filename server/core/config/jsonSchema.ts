import { toJsonSchema } from "@valibot/to-json-schema";
import { configSchema } from "./config";

/** The JSON schema behind VS Code's completion, hover and validation of the configuration file. Checks across settings are not in it. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = toJsonSchema(configSchema, { typeMode: "input", errorMode: "ignore" });
  return {
    ...schema,
    title: "Nearmiss configuration",
    description: "Settings of one project, in .nearmiss/config.json. Every setting has a default.",
    allowComments: true,
    allowTrailingCommas: true,
  };
}
