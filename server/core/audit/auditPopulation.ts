import type { AuditPair } from "./auditPair";

/**
 * The pairs that an audit is about: all that the configuration emitted when the audit began, each once, whatever is marked or changed later.
 * It is a file of its own in `.nearmiss/audits`, shared with whoever audits as well.
 */
export interface AuditPopulation {
  /** Name of its file without the ending: a running number and the beginning of the salt. */
  readonly name: string;
  /** 32 hexadecimal digits drawn when the audit began, after everything that decided what is emitted: the order of the audit is a function of it. */
  readonly salt: string;
  readonly begun: string;
  readonly author: string;
  readonly tool: string;
  readonly configHash: string;
  /** Fingerprint of the encoder with the adapter in use. */
  readonly model: string;
  /** File or folder name of the data set. */
  readonly dataset: string;
  /** Sorted by query and document. */
  readonly pairs: readonly AuditPair[];
  /** SHA-256 over the sorted names of the pairs, each followed by a line feed. */
  readonly hash: string;
}
