import * as v from "valibot";
import type { Sha256 } from "../ports";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";

const text = v.string("must be a text");
const whole = v.pipe(v.number("must be a number"), v.integer("must be a whole number"), v.minValue(0, "must not be below 0"));
const share = v.pipe(v.number("must be a number"), v.minValue(0, "must not be below 0"), v.maxValue(1, "must not be above 1"));
const strictShare = v.pipe(share, v.gtValue(0, "must be above 0"), v.ltValue(1, "must be below 1"));
const hexadecimal = v.pipe(text, v.regex(/^[0-9a-f]+$/u, "must be hexadecimal digits"));

const statement = {
  /** Pairs of the audit, those among them that the export holds, and what is known of them. */
  population: whole,
  exported: whole,
  marked: whole,
  false_negatives: whole,
  found: whole,
  /** K_up: false negatives in the population at most, at the confidence of the target. */
  bound: whole,
  /** Share of the exported pairs. */
  at_most: share,
  more_clean_marks: v.exactOptional(whole),
};

/** Keys of a pair's query and document, its verdict, and the names of the marks it rests on. */
const judged = v.pipe(
  v.array(text, "must be a list of texts"),
  v.check(([query, document, verdict, ...marks]) => {
    return query !== undefined && document !== undefined && (verdict === "clean" || verdict === "false") && marks.length > 0;
  }, "must be two keys, clean or false, and marks"),
);

const certificateSchema = v.strictObject(
  {
    kind: v.literal("nearmiss certificate", 'must be "nearmiss certificate"'),
    version: v.literal(1, "must be 1: a later version of Nearmiss wrote it"),
    statement: text,
    tool: text,
    created: text,
    export: v.strictObject({
      /** Relative to the certificate, with "/" between folders. */
      file: text,
      format: text,
      bytes: whole,
      sha256: hexadecimal,
      pairs: whole,
      /** Lines that hold no record with a query: nothing is said about them. */
      unread_lines: whole,
      config_hash: text,
      model: text,
    }),
    audit: v.strictObject({
      name: text,
      salt: hexadecimal,
      begun: text,
      author: text,
      dataset: text,
      /** Audits of the data set, this one included, that had been begun by then. */
      audits_begun: whole,
      config_hash: text,
      model: text,
      hash: hexadecimal,
    }),
    target: v.strictObject({ max_false_negatives: strictShare, confidence: strictShare }),
    method: v.strictObject({ name: text, a: v.number("must be a number"), b: v.number("must be a number") }),
    total: v.strictObject(statement),
    sources: v.array(v.strictObject({ source: text, ...statement }), "must be a list"),
    agreement: v.exactOptional(
      v.strictObject({ pairs: whole, comparisons: whole, agreement: share, kappa: v.exactOptional(v.number()), text }),
    ),
    marks: v.strictObject({ folder: text, authors: v.array(text) }),
    /** All pairs of the audit with a verdict, in the audit's order. */
    judged: v.array(judged, "must be a list"),
    /** Number of the source, in the order of `sources`, of each exported pair; the pairs sorted by the keys of query and document. */
    source_of_exported: v.array(whole, "must be a list"),
    /** The pairs of the audit that the export does not hold: keys of query and document, and number of the source; sorted as above. */
    not_exported: v.array(v.pipe(text, v.regex(/^\S+ \S+ \d+$/u, "must be two keys and a number")), "must be a list"),
    /** SHA-256 of the certificate's JSON without this member, as `certificateText` lays it out. */
    hash: hexadecimal,
  },
  "is missing, or no member of a certificate",
);

/**
 * What an export is certified to hold, with everything that is needed to compute it again from the export and the marks: it is no signature,
 * and shows nothing about who wrote it.
 */
export type Certificate = v.InferOutput<typeof certificateSchema>;

/** The figures of a whole export, or of one source in it. */
export type CertifiedCount = Certificate["total"];

/** Adds the hash over all other members. */
export function sealed(certificate: Omit<Certificate, "hash">, sha256: Sha256): Certificate {
  return { ...certificate, hash: sealOf(certificate, sha256) };
}

/** The hash that a certificate with these members has. */
export function sealOf(certificate: Omit<Certificate, "hash">, sha256: Sha256): string {
  return sha256(bodyText(certificate));
}

/** The file of a certificate: JSON, lists of pairs with one a line. */
export function certificateText(certificate: Certificate): string {
  return `{\n${membersText(certificate)}\n}\n`;
}

/** Reads a certificate. `file` is named where something is wrong. */
export function readCertificate(file: string, content: string): Result<Certificate> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return unreadable(file, "It is not JSON.");
  }
  const parsed = v.safeParse(certificateSchema, value);
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue);
  return unreadable(file, place === null ? `It ${issue.message}.` : `"${place}" ${issue.message}.`);
}

/** In the order of the schema, whatever the order in which they were put together. */
function membersText(certificate: Partial<Certificate>): string {
  return Object.keys(certificateSchema.entries)
    .filter((name) => Object.hasOwn(certificate, name))
    .map((name) => ` ${JSON.stringify(name)}: ${memberText(name, certificate[name as keyof Certificate])}`)
    .join(",\n");
}

const LINE_LISTS: readonly string[] = ["judged", "not_exported"];

function memberText(name: string, value: unknown): string {
  if (!LINE_LISTS.includes(name) || !Array.isArray(value)) return JSON.stringify(inOrder(value));
  return value.length === 0 ? "[]" : `[\n${value.map((element) => `  ${JSON.stringify(element)}`).join(",\n")}\n ]`;
}

/** Members of inner objects sorted by name, since what reads a file may give them in another order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, inOrder(inner)]),
  );
}

function bodyText(certificate: Omit<Certificate, "hash">): string {
  return membersText(Object.fromEntries(Object.entries(certificate).filter(([name]) => name !== "hash")));
}

function unreadable(file: string, what: string): Result<never> {
  return err({
    reason: "unknown-format",
    message: `The certificate cannot be read. ${what}`,
    nextStep: "Name a .certificate.json file that Nearmiss wrote.",
    place: { file },
  });
}
