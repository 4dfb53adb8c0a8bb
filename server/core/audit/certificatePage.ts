import { percent, percentAtMost, statementText } from "./boundWords";
import type { Certificate, CertifiedCount } from "./certificate";
import { statementOf } from "./certifiedCount";

/** File names of a certificate and of what it is about, as they are to be read. */
export interface PageNames {
  /** Of the certificate's JSON file. */
  readonly certificate: string;
}

/**
 * A certificate as a page of Markdown. It holds no text of the data set; names of files, persons and sources are escaped, so that none can
 * become a heading, a link or markup.
 */
export function certificatePage(certificate: Certificate, names: PageNames): string {
  const { export: exported, total, target } = certificate;
  return [
    `# Certificate of ${plain(exported.file)}`,
    `**At most ${percentAtMost(total.at_most)} of its ${String(total.exported)} negatives are false negatives**, at a confidence of ${percent(target.confidence)}.`,
    `${sentence(statementText(statementOf(total), aim(certificate)))} ${foundSentence(total)}`,
    ...sourceTable(certificate),
    "## What it rests on",
    ...restsOn(certificate),
    "## What it does not promise",
    ...notPromised(certificate),
    "## How to verify it",
    `With this folder's export and the marks files, on any machine:`,
    "```\nnearmiss certify --verify CERTIFICATE\n```",
    `CERTIFICATE is ${plain(names.certificate)}; \`--marks FOLDER\` and \`--export FILE\` say where the marks and the export lie, if elsewhere. The certificate is no signature: it does not show who wrote it.`,
    `Written by ${plain(certificate.tool)} on ${plain(certificate.created)}.`,
  ]
    .join("\n\n")
    .concat("\n");
}

function aim({ target }: Certificate): { readonly maxFalseNegatives: number; readonly confidence: number } {
  return { maxFalseNegatives: target.max_false_negatives, confidence: target.confidence };
}

function foundSentence({ found, bound, exported, population }: CertifiedCount): string {
  const out = `The audit's ${String(population)} pairs hold at most ${String(bound)} false negatives; ${String(found)} of them ${found === 1 ? "is" : "are"} known and left out of the export`;
  return found > bound
    ? `${out}, more than the bound allows: nothing can be said with this audit.`
    : `${out}, which leaves at most ${String(bound - found)} among the ${String(exported)} exported.`;
}

function sourceTable(certificate: Certificate): readonly string[] {
  const { sources, target } = certificate;
  if (sources.length < 2) return [];
  const rows = sources.map(
    (source) =>
      `| ${plain(source.source)} | ${String(source.exported)} | ${String(source.marked)} | ${String(source.false_negatives)} | ${String(source.found)} | ${percentAtMost(source.at_most)} |`,
  );
  return [
    "## By source",
    [
      "| Source | Exported | Marked in its order | False among them | Found in all | At most |",
      "| --- | ---: | ---: | ---: | ---: | ---: |",
      ...rows,
    ].join("\n"),
    `Each line holds for itself at ${percent(target.confidence)}, not all of them at once.`,
  ];
}

function restsOn(certificate: Certificate): readonly string[] {
  const { audit, export: exported, marks, judged, method, total } = certificate;
  return [
    [
      `- Audit ${plain(audit.name)} of ${plain(audit.dataset)}, begun ${plain(audit.begun)} by ${plain(audit.author)}: ${String(total.population)} pairs, SHA-256 ${code(audit.hash)}.`,
      `- Random order by the salt ${code(audit.salt)}. The sample is the first ${String(total.marked)} pairs of that order, all of them judged.`,
      `- ${String(judged.length)} judged pairs of the audit, by ${people(marks.authors)}. Only a pair that everyone who judged calls a true negative is clean; partly relevant, can't tell, duplicate and disagreement count as false.`,
      `- Export ${plain(exported.file)} (${plain(exported.format)}), ${String(exported.bytes)} bytes, SHA-256 ${code(exported.sha256)}.`,
      `- Configuration ${code(exported.config_hash)}, encoder ${code(exported.model)}${sameAsAudit(certificate)}`,
      `- Method: ${plain(method.name)}, a = ${String(method.a)}, b = ${String(method.b)}. It holds however often one looked while marking.`,
    ].join("\n"),
  ];
}

function sameAsAudit({ audit, export: exported, not_exported: others, total }: Certificate): string {
  const out = others.length - total.found;
  const left =
    out > 0 ? ` ${String(out)} further ${out === 1 ? "pair" : "pairs"} of the audit ${out === 1 ? "is" : "are"} not in the export.` : "";
  if (audit.config_hash === exported.config_hash && audit.model === exported.model) return `, as when the audit began.${left}`;
  return `; not those with which the audit began (${code(audit.config_hash)}, ${code(audit.model)}), so that only pairs of the audit were exported.${left}`;
}

function notPromised(certificate: Certificate): readonly string[] {
  const { audit, export: exported, agreement, target } = certificate;
  const delta = percent(1 - target.confidence);
  const items = [
    "It is about the negatives of this one file: about no other query, file, encoder or later mining.",
    "It counts what the persons said. Their own errors are not in the bound.",
    `The bound fails with a probability of at most ${delta} for an audit. ${begun(audit.audits_begun, delta)}`,
    ...(exported.unread_lines === 0
      ? []
      : [
          `${String(exported.unread_lines)} ${exported.unread_lines === 1 ? "line" : "lines"} of the export could not be read as a record: nothing is said about them.`,
        ]),
  ];
  const agreed =
    agreement === undefined
      ? "No pair of the audit was judged by two persons, so that nothing is known of how far they agree."
      : plainSentences(agreement.text);
  return [[...items, agreed].map((item) => `- ${item}`).join("\n")];
}

function begun(audits: number, delta: string): string {
  if (audits <= 1) return "It is the first audit of the data set.";
  return `This was one of ${String(audits)} audits begun on the data set: whoever picks the best of several has to allow for ${delta} each.`;
}

function people(authors: readonly string[]): string {
  return authors.length === 0 ? "nobody" : authors.map(plain).join(", ");
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

/** Hashes and fingerprints, less what could end the stretch of code that they stand in. */
function code(hash: string): string {
  return `\`${hash.replace(/[`\p{Cc}\p{Cf}\u2028\u2029]/gu, "")}\``;
}

/** A sentence of the program itself, whose signs are known, but for what might have come in from a file. */
function plainSentences(words: string): string {
  return words.replace(/[^\p{L}\p{N} .,;:%()'+-]/gu, " ");
}

/** A name as text that Markdown leaves as it is: on one line, every sign with a meaning escaped, and no address made into a link. */
export function plain(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replace(/[\\`*_[\]<>#|~!&@$]|:(?=\/)/gu, "\\$&")
    .replace(/www\./giu, (start) => `${start.slice(0, 3)}\\.`);
}
