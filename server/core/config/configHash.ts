import type { Sha256 } from "../ports";
import type { Config } from "./config";

/**
 * Names what of the configuration decides which negatives come out: data, model, index and sampler. The severities of checks and the
 * order of keys in the file do not matter. 16 hexadecimal digits.
 */
export function configHash(config: Config, sha256: Sha256): string {
  const { data, model, index, sampler } = config;
  return sha256(JSON.stringify(sorted({ data, model, index, sampler }))).slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}
