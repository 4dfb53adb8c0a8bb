import { appendMark, redoMark, undoMark } from "./marks";
import { openReview, reviewDidChange, showQuery, stepQuery } from "./review";
import { previewSampler, proposeSampler, samplerDidAdvance, samplerState } from "./sampler";
import { datasetStatus, resumeWork, statusDidChange, stopWork } from "./status";

/** The requests a webview may send to the server: the bridge's allow-list. */
export const panelRequests = [
  openReview,
  showQuery,
  stepQuery,
  appendMark,
  undoMark,
  redoMark,
  proposeSampler,
  previewSampler,
  samplerState,
  datasetStatus,
  stopWork,
  resumeWork,
] as const;

/** The server's notifications that the bridge passes on to panels. */
export const panelNotifications = [reviewDidChange, statusDidChange, samplerDidAdvance] as const;
