import type { Cancellation } from "#core/util/cancellation";

/** The terminal and the process, as the commands see them. */
export interface CliHost {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output and waits until it has been taken. */
  readonly print: (text: string | Uint8Array) => Promise<void>;
  /** Writes one line to standard error. */
  readonly tell: (line: string) => void;
  /** Shows how far something is; redrawn in place on a terminal, a line now and then elsewhere. An empty text clears it. */
  readonly progress: (text: string) => void;
  /** Asked by long work; true after Ctrl+C. */
  readonly cancellation: Cancellation;
  /** Name and version, for manifests. */
  readonly tool: string;
  /** The present moment in ISO 8601. */
  readonly clock: () => string;
  /** Seconds since some start. */
  readonly stopwatch: () => number;
}

export const EXIT_OK = 0;
export const EXIT_FINDINGS = 1;
export const EXIT_BAD_INPUT = 2;
/** 128 + SIGINT, as shells expect. */
export const EXIT_STOPPED = 130;
