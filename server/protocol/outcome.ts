/** Where in the user's files something was met. Lines are 1-based. */
export interface Place {
  readonly file: string;
  readonly line?: number;
}

/** An expected failure, in words for the user. */
export interface Failure {
  readonly reason: string;
  readonly message: string;
  readonly nextStep?: string;
  readonly place?: Place;
}

/** What requests answer that can fail for reasons outside the program. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };
