import { seededRandom } from "#core/util/random";

/** Tries of one question in all: enough to outlast a restart of a server, and the minute for which services count requests. */
export const MOST_TRIES = 6;
export const MOST_TRIES_WHEN_LIMITED = 8;
/** A question that the model did not answer in time costs a whole timeout each try. */
export const MOST_TIMEOUTS = 2;
/** Milliseconds. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
/** Milliseconds; a server that asks for more patience is told of instead. */
export const LONGEST_RETRY_AFTER = 120_000;

/**
 * Milliseconds to wait after the given failed try (from 1): twice as long each time, of which a random half is left out, so that questions
 * that failed together do not come back together. The same name gives the same waits.
 */
export function backOff(tries: number, name: string): number {
  const whole = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1));
  return Math.round(whole * (1 - seededRandom(`${name}:${String(tries)}`)() / 2));
}

/** Milliseconds from a header `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. Undefined where it says nothing that can be read. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  // Some servers send fractions, which the standard does not know.
  if (/^\d{1,9}(?:\.\d+)?$/u.test(text)) return Math.ceil(Number(text) * 1000);
  const date = /^[A-Za-z]/u.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
