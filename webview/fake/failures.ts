import type { Failure } from "#protocol/outcome";

interface Failed {
  readonly ok: false;
  readonly failure: Failure;
}

export function failed(reason: string, message: string, nextStep: string): Failed {
  return { ok: false, failure: { reason, message, nextStep } };
}

/** What was asked for does not go with what is under way. */
export function refused(message: string, nextStep: string): Failed {
  return failed("refused", message, nextStep);
}
