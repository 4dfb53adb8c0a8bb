import { beginAudit, curationDidChange, curationState, nextCard } from "./curation";
import { editsWereMarked, takeBackEdits } from "./edits";
import { gradientReport } from "./gradients";
import {
  labellingDidAdvance,
  labellingState,
  pauseLabelling,
  planLabelling,
  resumeLabelling,
  startLabelling,
  stopLabelling,
} from "./labelling";
import { appendMark, redoMark, undoMark } from "./marks";
import { openReview, reviewDidChange, showQuery, stepQuery } from "./review";
import { previewSampler, proposeSampler, samplerDidAdvance, samplerState } from "./sampler";
import { datasetStatus, resumeWork, statusDidChange, stopWork } from "./status";
import { compareRounds, startTraining, stopTraining, trainingDidAdvance, trainingState } from "./training";

/** The requests a webview may send to the server: the bridge's allow-list. */
export const panelRequests = [
  openReview,
  showQuery,
  stepQuery,
  appendMark,
  undoMark,
  redoMark,
  takeBackEdits,
  proposeSampler,
  previewSampler,
  samplerState,
  gradientReport,
  trainingState,
  startTraining,
  stopTraining,
  compareRounds,
  nextCard,
  curationState,
  beginAudit,
  labellingState,
  planLabelling,
  startLabelling,
  pauseLabelling,
  resumeLabelling,
  stopLabelling,
  datasetStatus,
  stopWork,
  resumeWork,
] as const;

/** The server's notifications that the bridge passes on to panels. */
export const panelNotifications = [
  reviewDidChange,
  statusDidChange,
  samplerDidAdvance,
  trainingDidAdvance,
  curationDidChange,
  labellingDidAdvance,
  editsWereMarked,
] as const;
