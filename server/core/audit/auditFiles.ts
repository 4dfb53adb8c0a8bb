import type { HomeFiles, Sha256 } from "../ports";
import type { Failure } from "../util/failure";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import type { AuditPopulation } from "./auditPopulation";
import { auditNumber, populationText, readPopulation } from "./population";

/** Folder of the audits in `.nearmiss`. */
export const AUDITS_FOLDER = "audits";

const ENDING = ".json";

/** The audits of a project, and what is wrong with files that had to be left out. */
export interface LoadedAudits {
  /** By number, then by salt: the newest last. */
  readonly audits: readonly AuditPopulation[];
  readonly problems: readonly Failure[];
}

/** Writes a population as a file of its own. It is never changed afterwards. */
export function saveAudit(home: HomeFiles, population: AuditPopulation): Promise<Result<null>> {
  return home.writeText(fileOf(population.name), populationText(population));
}

/** Reads all audits of a project, those of other data sets included. A damaged file is reported and left out. */
export async function loadAudits(home: HomeFiles, sha256: Sha256): Promise<Result<LoadedAudits>> {
  const listed = await home.list(AUDITS_FOLDER);
  if (!listed.ok) return listed;
  const audits: AuditPopulation[] = [];
  const problems: Failure[] = [];
  for (const name of listed.value.filter((file) => file.endsWith(ENDING))) {
    const file = `${AUDITS_FOLDER}/${name}`;
    const text = await home.readText(file);
    const read = text.ok ? readPopulation(`.nearmiss/${file}`, text.value, sha256) : text;
    if (read.ok) audits.push(read.value);
    else problems.push(read.failure);
  }
  return ok({ audits: audits.sort(byAge), problems });
}

/** The audit that goes on now: the newest of the data set. */
export function currentAudit(audits: readonly AuditPopulation[], dataset: string): AuditPopulation | undefined {
  return audits.findLast((audit) => audit.dataset === dataset);
}

/** What audits call a data set: the name of its file or folder, without the folders above. */
export function datasetName(path: string): string {
  return path.split(/[\\/]/u).findLast((part) => part !== "") ?? path;
}

/** The number of an audit that begins now. */
export function nextAuditNumber(audits: readonly Pick<AuditPopulation, "name">[]): number {
  return audits.reduce((highest, { name }) => Math.max(highest, auditNumber(name)), 0) + 1;
}

function fileOf(name: string): string {
  return `${AUDITS_FOLDER}/${name}${ENDING}`;
}

function byAge(a: AuditPopulation, b: AuditPopulation): number {
  return auditNumber(a.name) - auditNumber(b.name) || (a.salt < b.salt ? -1 : a.salt > b.salt ? 1 : 0);
}
