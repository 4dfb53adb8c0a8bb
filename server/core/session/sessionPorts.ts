import type { Breathe, HomeFiles, Logger, Sha256, SlotText, Stopwatch, VectorSpace } from "../ports";

/** What a data set session needs from its host. */
export interface SessionPorts {
  /** Name of the present person, whose own verdicts are shown. */
  readonly author: string;
  readonly sha256: Sha256;
  readonly stopwatch: Stopwatch;
  readonly logger: Logger;
  readonly breathe: Breathe;
  /** A fresh vector space, which asks for texts by slot when it has to fill itself again. */
  readonly createVectors: (textOf: SlotText) => VectorSpace;
  /** The project's folder `.nearmiss`, for adapters and training runs. */
  readonly home: HomeFiles;
}
