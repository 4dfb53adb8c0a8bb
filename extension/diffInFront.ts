import { TabInputTextDiff, commands, window } from "vscode";
import type { Disposable, Tab, Uri, ViewColumn } from "vscode";

/** A diff of two texts, and where to show it. */
export interface ShownDiff {
  readonly original: Uri;
  readonly modified: Uri;
  readonly title: string;
  readonly viewColumn: ViewColumn;
}

/** Milliseconds. VS Code asks a webview every 250 whether it has the focus, and may be busy with the diff when the answer comes. */
const LATEST_FOCUS = 1000;

/**
 * Opens a diff as the editor in front. VS Code hears of a click in a webview late, and makes the webview's group the active one then, although
 * the diff that the click opened has the focus by now: a group that is not active hides the buttons in its title. So it is put in front again.
 */
export async function showDiffInFront({ original, modified, title, viewColumn }: ShownDiff): Promise<void> {
  const show = async (): Promise<void> => {
    await commands.executeCommand("vscode.diff", original, modified, title, { viewColumn, preview: false });
  };
  await show();
  if (isBehind(modified)) await show();
  else putInFrontOnce(modified, show);
}

/** Every tab that shows a diff with this modified side; it may be open in several groups. */
export function diffTabs(modified: Uri): Tab[] {
  return window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => showsDiff(tab, modified));
}

function putInFrontOnce(modified: Uri, show: () => Promise<void>): void {
  const watch: Disposable = window.tabGroups.onDidChangeTabGroups(() => {
    if (!isBehind(modified)) return;
    stop();
    void show();
  });
  const stop = (): void => {
    clearTimeout(timer);
    watch.dispose();
  };
  const timer = setTimeout(stop, LATEST_FOCUS);
}

/** Whether the diff is on show in a group that is not the active one. */
function isBehind(modified: Uri): boolean {
  const { all, activeTabGroup } = window.tabGroups;
  return !showsDiff(activeTabGroup.activeTab, modified) && all.some(({ activeTab }) => showsDiff(activeTab, modified));
}

function showsDiff(tab: Tab | undefined, modified: Uri): boolean {
  return tab?.input instanceof TabInputTextDiff && tab.input.modified.toString() === modified.toString();
}
