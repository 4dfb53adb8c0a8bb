import type { Failure } from "./failure";

/** The outcome of something that is expected to fail at times: a value, or a failure that tells the user what to do. */
export type Result<T> = Ok<T> | Err;

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Err {
  readonly ok: false;
  readonly failure: Failure;
}

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

export function err(failure: Failure): Err {
  return { ok: false, failure };
}
