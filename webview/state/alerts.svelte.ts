import type { Failure } from "#protocol/outcome";

/** Something that went wrong and waits for the person. */
export interface Alert {
  readonly title: string;
  readonly failure: Failure;
  readonly retry: () => void;
  /** Gives up what failed. */
  readonly discard: () => void;
  /** Whether later key presses wait until the person has decided. */
  readonly held: boolean;
}

/** The alert above the panes: one at a time, the newest. It is gone as soon as the person has decided. */
export class AlertStore {
  current = $state.raw<Alert>();

  /** A failure that later key presses wait for. */
  hold(title: string, failure: Failure, retry: () => void, discard: () => void): void {
    this.current = { title, failure, held: true, retry: this.#deciding(retry), discard: this.#deciding(discard) };
  }

  /** A failure that nothing waits for. */
  report(title: string, failure: Failure, retry: () => void): void {
    this.current = { title, failure, held: false, retry: this.#deciding(retry), discard: this.#deciding() };
  }

  /** Closed first: what is done then may fail in its turn. */
  #deciding(then?: () => void): () => void {
    return () => {
      this.current = undefined;
      then?.();
    };
  }
}
