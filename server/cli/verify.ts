import { readdir } from "node:fs/promises";
import path from "node:path";
import { readCertificate } from "#core/audit/certificate";
import type { Certificate } from "#core/audit/certificate";
import { ExportedPairs } from "#core/audit/exportedPairs";
import { verifyCertificate } from "#core/audit/verifyCertificate";
import type { ReadExport } from "#core/audit/verifyCertificate";
import { isRowFormat, isTarget } from "#core/exporting/targets";
import { formatById } from "#core/formats/registry";
import type { FoldedMarks } from "#core/marks/foldMarks";
import { foldMarks } from "#core/marks/foldMarks";
import { parseMarks } from "#core/marks/parseMarks";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { sha256 } from "../runtime/hash";
import { loadText } from "../runtime/store/configStore";
import { readFileLines } from "../runtime/store/fileSource";
import { ioFailure } from "../runtime/store/ioFailure";
import type { VerifyArguments } from "./arguments";
import { EXIT_FINDINGS, EXIT_OK } from "./cliHost";
import type { CliHost } from "./cliHost";
import { shownPath } from "./shownPath";
import { counted, printable } from "./words";

/**
 * `nearmiss certify --verify`: needs nothing but the certificate, the export and the marks files. Findings on standard output, one a line;
 * answers 1 where there are some.
 */
export async function verifyCommand(args: VerifyArguments, host: CliHost): Promise<Result<number>> {
  const file = path.resolve(host.cwd, args.file);
  const text = await loadText(file);
  if (!text.ok) return text;
  const certificate = readCertificate(file, text.value);
  if (!certificate.ok) return certificate;
  const beside = path.dirname(file);
  const at = (given: string | undefined, named: string): string =>
    given === undefined ? path.resolve(beside, named) : path.resolve(host.cwd, given);
  const exported = await readExport(at(args.exported, certificate.value.export.file), certificate.value, host);
  if (!exported.ok) return exported;
  const marks = await readMarksFolder(at(args.marks, certificate.value.marks.folder), host);
  if (!marks.ok) return marks;
  const { findings, notes } = verifyCertificate({ certificate: certificate.value, exported: exported.value, marks: marks.value }, sha256);
  host.progress("");
  const { statement } = certificate.value;
  const verified = findings.length === 0;
  if (args.json) {
    await host.print(`${JSON.stringify({ verified, statement, findings, notes }, null, 2)}\n`);
  } else {
    await host.print(findings.map(({ kind, text: said }) => `${kind}: ${printable(said)}\n`).join(""));
    for (const note of notes) host.tell(note);
    if (verified) await host.print(`Verified. ${printable(statement)}\n`);
    else host.tell(`Not verified: ${counted(findings.length, "difference", "differences")}.`);
  }
  return ok(verified ? EXIT_OK : EXIT_FINDINGS);
}

async function readExport(file: string, { export: stated }: Certificate, host: CliHost): Promise<Result<ReadExport>> {
  const { format } = stated;
  // A folder has no certificate.
  if (!isTarget(format) || !isRowFormat(format)) {
    return err({
      reason: "unknown-format",
      message: `The certificate is about an export as ${JSON.stringify(format)}, which this version does not know.`,
      nextStep: "Verify it with the version of Nearmiss that wrote it.",
    });
  }
  host.progress(`Reading ${shownPath(file, host.cwd)}`);
  const pairs = new ExportedPairs(formatById(format), sha256);
  const facts = await readFileLines(
    file,
    (lines) => {
      for (const { text } of lines) pairs.add(text);
    },
    { cancellation: host.cancellation },
  );
  if (!facts.ok) {
    return facts.failure.reason === "missing-file"
      ? err({ ...facts.failure, nextStep: "Say with --export where the export lies." })
      : facts;
  }
  const { bytes, sha256: hash } = facts.value;
  return ok({ bytes, sha256: hash, pairs: [...pairs.pairs.values()], unread: pairs.unread });
}

/** All marks files of a folder. That there is none is no mark; that there is no folder is a mistake. */
async function readMarksFolder(folder: string, host: CliHost): Promise<Result<FoldedMarks>> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();
  } catch (error) {
    const failure = ioFailure(error, folder, "read");
    return err(failure.reason === "missing-file" ? { ...failure, nextStep: "Say with --marks where the marks files lie." } : failure);
  }
  const marks = [];
  for (const name of names) {
    const file = path.join(folder, name);
    const text = await loadText(file);
    if (!text.ok) return text;
    const reading = parseMarks(text.value);
    for (const { line, message } of reading.problems) host.tell(`${shownPath(file, host.cwd)}:${String(line)}: ${message}`);
    marks.push(...reading.marks);
  }
  return ok(foldMarks(marks));
}
