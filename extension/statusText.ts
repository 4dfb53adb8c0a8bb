import type { DatasetStatus } from "#protocol/status";

/** What the language status item says about a data set. */
export interface StatusText {
  readonly text: string;
  readonly detail: string;
  readonly busy: boolean;
  readonly severity: "information" | "warning" | "error";
  /** What a click does, where it does something. */
  readonly action?: { readonly title: string; readonly command: "nearmiss.stop" | "nearmiss.resume" | "nearmiss.showLog" };
}

const stop = { title: "Stop", command: "nearmiss.stop" } as const;
const resume = { title: "Resume", command: "nearmiss.resume" } as const;

export function statusText(status: DatasetStatus): StatusText {
  const detail = detailOf(status);
  switch (status.phase) {
    case "loading":
      return { text: "Reading the data set", detail, busy: true, severity: "information" };
    case "idle":
      return { text: contents(status), detail, busy: false, severity: "information" };
    case "embedding":
      return { text: `Embedding ${progress(status)}`, detail, busy: true, severity: "information", action: stop };
    case "indexing":
      return { text: `Indexing ${progress(status)}`, detail, busy: true, severity: "information", action: stop };
    case "mining":
      return { text: `Mining ${progress(status)}`, detail, busy: true, severity: "information", action: stop };
    case "ready":
      return { text: `Ready: ${contents(status)}`, detail, busy: false, severity: "information" };
    case "stopped":
      return { text: `Stopped at ${progress(status)}: candidates are lexical`, detail, busy: false, severity: "warning", action: resume };
    case "failed":
      return { text: status.failure?.message ?? "Failed", detail, busy: false, severity: "error", action: resume };
  }
}

/** How far the review is, for the status bar: "NM 41/2,504". */
export function reviewText(status: DatasetStatus): string | undefined {
  return status.counts === undefined ? undefined : `NM ${count(status.counts.queriesReviewed)}/${count(status.counts.queries)}`;
}

/** What tells the most comes first: VS Code cuts long details off. */
function detailOf(status: DatasetStatus): string {
  return [
    status.failure?.nextStep,
    status.configProblem !== undefined && `config not in force: ${status.configProblem.message}`,
    status.embedded + status.cached > 0 && `${count(status.embedded)} embedded, ${count(status.cached)} from the cache`,
    searchOf(status),
    status.fromDisk && "read from disk: unsaved changes are not seen",
    status.format,
    status.model !== undefined && `model ${status.model}`,
  ]
    .filter((part) => typeof part === "string" && part !== "")
    .join(" · ");
}

/** How candidates are searched; recall is named where it has been measured. */
function searchOf({ index }: DatasetStatus): string | undefined {
  if (index === undefined || index.recallSample === 0) return index?.kind;
  return `${index.kind}, recall ${index.recall.toFixed(3)} on ${count(index.recallSample)} queries`;
}

function contents(status: DatasetStatus): string {
  return `${count(status.queries)} queries, ${count(status.documents)} passages`;
}

function progress(status: DatasetStatus): string {
  return `${count(status.done)} of ${count(status.total)}`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
