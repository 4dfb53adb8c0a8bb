import { settings } from "./settings";
import { pathText } from "./settingPath";

/** The settings as the rows of a Markdown table: name, allowed values, default, meaning. */
export function configReference(): string {
  const rows = settings()
    .filter(({ path }) => path[0] !== "$schema" && path[0] !== "checks")
    .map((setting) => {
      const byDefault = setting.default === undefined ? "" : `\`${JSON.stringify(setting.default)}\``;
      return [`\`${pathText(setting.path)}\``, setting.allowed, byDefault, setting.description].map(cell).join(" | ");
    });
  return ["| Setting | Values | Default | Meaning |", "|---|---|---|---|", ...rows.map((row) => `| ${row} |`)].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
