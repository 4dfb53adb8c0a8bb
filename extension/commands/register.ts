import { commands } from "vscode";
import type { Disposable } from "vscode";
import { applyMarks } from "./applyMarks";
import type { CommandId } from "./commandIds";
import { commandIds } from "./commandIds";
import { acceptConfigChange, discardConfigChange, reviewConfigChange } from "./configChange";
import { showCuration } from "./curation";
import { exportDataset } from "./exportDataset";
import { readBatch, writeBatch } from "./labellingBatch";
import { openConfig } from "./openConfig";
import { openSample } from "./openSample";
import { setEndpointKey, showOpinions } from "./opinions";
import { inPanel } from "./panelCommands";
import { review } from "./review";
import { restartServer, showLog } from "./server";
import type { Command, Services } from "./services";
import { showTraining, stopTrainingRun, train } from "./training";
import { resume, stop } from "./work";

const table: Readonly<Record<CommandId, Command>> = {
  "nearmiss.review": review,
  "nearmiss.export": exportDataset,
  "nearmiss.applyMarks": applyMarks,
  "nearmiss.openConfig": openConfig,
  "nearmiss.openSample": openSample,
  "nearmiss.stop": stop,
  "nearmiss.resume": resume,
  "nearmiss.showLog": showLog,
  "nearmiss.restartServer": restartServer,
  "nearmiss.reviewConfigChange": reviewConfigChange,
  "nearmiss.acceptConfigChange": acceptConfigChange,
  "nearmiss.discardConfigChange": discardConfigChange,
  "nearmiss.markTrueNegative": inPanel("true_negative"),
  "nearmiss.markFalseNegative": inPanel("false_negative"),
  "nearmiss.markPartlyRelevant": inPanel("partly_relevant"),
  "nearmiss.markDuplicateOfPositive": inPanel("duplicate_of_positive"),
  "nearmiss.markCantTell": inPanel("cant_tell"),
  "nearmiss.markLater": inPanel("later"),
  "nearmiss.markBadPositive": inPanel("bad_positive"),
  "nearmiss.markBadQuery": inPanel("bad_query"),
  "nearmiss.undoMark": inPanel("undo"),
  "nearmiss.redoMark": inPanel("redo"),
  "nearmiss.nextQuery": inPanel("next_query"),
  "nearmiss.previousQuery": inPanel("previous_query"),
  "nearmiss.showSampler": inPanel("show_sampler"),
  "nearmiss.showGradients": inPanel("show_gradients"),
  "nearmiss.judgePairs": inPanel("judge_pairs"),
  "nearmiss.showCuration": showCuration,
  "nearmiss.showTraining": showTraining,
  "nearmiss.showOpinions": showOpinions,
  "nearmiss.setEndpointKey": setEndpointKey,
  "nearmiss.writeLabellingBatch": writeBatch,
  "nearmiss.readLabellingBatch": readBatch,
  "nearmiss.train": train,
  "nearmiss.stopTraining": stopTrainingRun,
};

export function registerCommands(services: Services): readonly Disposable[] {
  return commandIds.map((id) => commands.registerCommand(id, (...args: readonly unknown[]) => table[id](services, ...args)));
}
