import type { Result } from "#core/util/result";

/** A failure of a measurement ends it. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.message} ${result.failure.nextStep ?? ""}`);
  return result.value;
}
