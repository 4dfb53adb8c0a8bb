import * as v from "valibot";
import type { Sha256 } from "../ports";
import { ownText } from "../util/ownText";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { comparePairs } from "./auditOrder";
import type { AuditPair } from "./auditPair";
import { pairName } from "./auditPair";
import type { AuditPopulation } from "./auditPopulation";
import { populationHash } from "./populationHash";

/** What an audit begins with. */
export interface PopulationParts extends Pick<AuditPopulation, "salt" | "begun" | "author" | "tool" | "configHash" | "model" | "dataset"> {
  /** One more than the highest number of the project's audits: see `nextAuditNumber`. */
  readonly number: number;
  /** In any order; of a pair that is there more than once the first counts. */
  readonly pairs: Iterable<AuditPair>;
}

/** Digits of the salt in an audit's name: two persons who begin an audit at once get different names. */
const SALT_IN_NAME = 8;

/** Freezes the pairs of an audit. */
export function newPopulation(parts: PopulationParts, sha256: Sha256): AuditPopulation {
  const { number, salt, begun, author, tool, configHash, model, dataset, pairs } = parts;
  const unique = new Map<string, AuditPair>();
  for (const pair of pairs) if (!unique.has(pairName(pair))) unique.set(pairName(pair), pair);
  const sorted = [...unique.values()].sort(comparePairs);
  const name = `${String(number).padStart(3, "0")}-${salt.slice(0, SALT_IN_NAME)}`;
  return { name, salt, begun, author, tool, configHash, model, dataset, pairs: sorted, hash: populationHash(sorted, sha256) };
}

/** The running number in an audit's name; 0 for a name that has none. */
export function auditNumber(name: string): number {
  return Number(/^\d+/u.exec(name)?.[0] ?? 0);
}

/**
 * The file of a population: JSON with one pair a line, so that Git shows and merges it by pairs. A pair is the keys of query and document and
 * the number of its source in the list of sources.
 */
export function populationText(population: AuditPopulation): string {
  const { name, salt, begun, author, tool, configHash, model, dataset, pairs, hash } = population;
  const sources = [...new Set(pairs.map(({ source }) => source))].sort();
  const numberOf = new Map(sources.map((source, number) => [source, number]));
  const header = JSON.stringify({ name, salt, begun, author, tool, config_hash: configHash, model, dataset, hash, sources }, null, 1);
  const lines = pairs.map((pair) => ` "${pairName(pair)} ${String(numberOf.get(pair.source) ?? 0)}"`);
  return `${header.slice(0, -2)},\n "pairs": [\n${lines.join(",\n")}\n ]\n}\n`;
}

const text = v.string("must be a text");
const hexadecimal = (digits: number): v.GenericSchema<string, string> =>
  v.pipe(text, v.regex(new RegExp(`^[0-9a-f]{${String(digits)}}$`, "u"), `must be ${String(digits)} hexadecimal digits`));
const populationSchema = v.object(
  {
    name: text,
    salt: hexadecimal(32),
    begun: text,
    author: text,
    tool: text,
    config_hash: text,
    model: text,
    dataset: text,
    hash: hexadecimal(64),
    sources: v.array(text, "must be a list"),
    pairs: v.array(text, "must be a list"),
  },
  "is missing",
);

/** Reads what `populationText` wrote, and refuses what is not as it was when the audit began. `file` is named where something is wrong. */
export function readPopulation(file: string, content: string, sha256: Sha256): Result<AuditPopulation> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return damaged(file, "It is not JSON; a merge may have left its marks in it.");
  }
  const parsed = v.safeParse(populationSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return damaged(file, `"${v.getDotPath(issue) ?? ""}" ${issue.message}.`);
  }
  const { config_hash: configHash, sources, pairs: lines, ...header } = parsed.output;
  const pairs: AuditPair[] = [];
  for (const [index, line] of lines.entries()) {
    const pair = readPair(line, sources);
    const previous = pairs.at(-1);
    if (pair === undefined || (previous !== undefined && comparePairs(previous, pair) >= 0))
      return damaged(file, `Pair ${String(index + 1)} is not two keys and a source, in the order of the keys.`);
    // The keys of one query are one text in memory.
    pairs.push(previous?.query === pair.query ? { ...pair, query: previous.query } : pair);
  }
  if (populationHash(pairs, sha256) !== header.hash) return damaged(file, "Its pairs are not those that its hash names.");
  return ok({ ...header, configHash, pairs });
}

function readPair(line: string, sources: readonly string[]): AuditPair | undefined {
  const [query, document, number, ...rest] = line.split(" ");
  const source = number === undefined || !/^\d+$/u.test(number) ? undefined : sources[Number(number)];
  if (query === undefined || document === undefined || source === undefined || rest.length > 0) return undefined;
  return query === "" || document === "" ? undefined : { query: ownText(query), document: ownText(document), source };
}

function damaged(file: string, what: string): Result<never> {
  return err({
    reason: "unknown-format",
    message: `The audit cannot be read. ${what}`,
    nextStep: "Restore the file from Git, or begin a new audit.",
    place: { file },
  });
}
