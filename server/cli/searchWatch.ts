import type { CliHost } from "./cliHost";

const POLL_MS = 100;

/** Waits for the search for the candidates of a whole file, which goes on in the background. */
export class SearchWatch {
  #waiting: (() => void)[] = [];

  /** To be told of how far the search is. */
  readonly advanced = (): void => {
    this.wake();
  };

  /** Ends every wait. */
  readonly wake = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  };

  /** Resolves at the next advance. To be asked for before looking how far the search is, so that none is missed. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}

/** Does something once, soon after Ctrl+C. The answer ends the watching. */
export function whenInterrupted({ cancellation }: CliHost, act: () => void): () => void {
  const timer = setInterval(() => {
    if (!cancellation.requested) return;
    clearInterval(timer);
    act();
  }, POLL_MS);
  return () => {
    clearInterval(timer);
  };
}
