/** Told of changes. A status change alone leaves every query as it is. */
export interface SessionListener {
  /** Some query may look different now. */
  readonly revised: () => void;
  readonly statusChanged: () => void;
  /** How far the search for the candidates of the whole file is. */
  readonly previewAdvanced?: (done: number, total: number) => void;
}

export const nobody: SessionListener = { revised: () => undefined, statusChanged: () => undefined };
