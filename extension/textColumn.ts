import { TabInputWebview, ViewColumn, window } from "vscode";

/** A column whose front is no panel: a panel that another tab covers is taken down, and with it what it waits for. */
export function textColumn(): ViewColumn {
  const group = window.tabGroups.all.find(({ activeTab }) => !(activeTab?.input instanceof TabInputWebview));
  return group?.viewColumn ?? ViewColumn.Beside;
}
