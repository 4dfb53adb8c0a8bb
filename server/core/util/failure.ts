/** Why something expected went wrong. Code branches on the reason, people read the message. */
export type FailureReason =
  | "bad-answer"
  | "bad-arguments"
  | "bad-config"
  | "bad-encoding"
  | "bad-model"
  | "bad-vectors"
  | "cancelled"
  | "diverged"
  | "disk"
  | "missing-file"
  | "no-permission"
  | "not-found"
  | "not-ready"
  | "rate-limited"
  | "refused"
  | "superseded"
  | "unknown-format"
  | "unreachable"
  | "unsupported"
  | "worker-died";

/** Where in the user's files a failure was met. Lines are 1-based. */
export interface Place {
  readonly file: string;
  readonly line?: number;
}

/** An expected failure: what happened, where, and the next step for the person who reads it. */
export interface Failure {
  readonly reason: FailureReason;
  /** One plain sentence that names the value and the place. */
  readonly message: string;
  /** One plain sentence in the imperative. */
  readonly nextStep?: string;
  readonly place?: Place;
}

/** The failure as one line of plain text, for terminals and logs. */
export function failureText(failure: Failure): string {
  const { place, message, nextStep } = failure;
  const at = place === undefined ? "" : `${place.file}${place.line === undefined ? "" : `:${String(place.line)}`}: `;
  return nextStep === undefined ? `${at}${message}` : `${at}${message} ${nextStep}`;
}
