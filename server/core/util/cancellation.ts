/** Asked from time to time by long loops. The host decides what makes it true. */
export interface Cancellation {
  readonly requested: boolean;
}

export const neverCancelled: Cancellation = { requested: false };
