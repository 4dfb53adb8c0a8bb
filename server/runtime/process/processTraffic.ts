/** What a client and its process say to each other. Both come from the same build, so messages are not validated. */
import type { LogLevel } from "#core/ports";
import type { Result } from "#core/util/result";

/** The messages of one kind of process. */
export interface ProcessTraffic {
  readonly request: { readonly kind: string };
  /** What is answered, by the request's kind. */
  readonly answers: object;
  readonly progress: unknown;
  /** What the process is told and does not answer; never where there is nothing of the kind. */
  readonly notice: object;
}

export type RequestKind<T extends ProcessTraffic> = T["request"]["kind"] & keyof T["answers"];
export type RequestOf<T extends ProcessTraffic, K> = Extract<T["request"], { readonly kind: K }>;
export type AnswerTo<T extends ProcessTraffic, K extends keyof T["answers"]> = T["answers"][K];

export type ToProcess<T extends ProcessTraffic> =
  { readonly id: number; readonly request: T["request"] } | { readonly cancel: number } | T["notice"];

export type FromProcess<T extends ProcessTraffic> =
  | { readonly id: number; readonly result: Result<T["answers"][keyof T["answers"]]> }
  | { readonly id: number; readonly progress: T["progress"] }
  /** A bug in the process: stack of what was thrown. */
  | { readonly id: number; readonly thrown: string }
  | { readonly level: LogLevel; readonly message: string };
