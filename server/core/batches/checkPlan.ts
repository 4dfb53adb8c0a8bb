import { itemAt } from "../util/itemAt";
import type { BatchRow } from "./batchRow";
import { parsePlanLine } from "./planFile";
import type { PlannedBatch } from "./planFile";
import type { BatchSettings } from "./planEpoch";

/** A query that a plan can name. */
export interface NamedRow extends BatchRow {
  /** Lines of its records, from 1. */
  readonly lines: readonly number[];
  /** Why it is not to be trained on; absent where it is. */
  readonly unusable?: string;
}

/** Something in a plan that breaks a rule. */
export interface PlanViolation {
  /** Line of the plan, from 1. */
  readonly line: number;
  readonly message: string;
}

export interface PlanFacts {
  readonly violations: readonly PlanViolation[];
  readonly batches: number;
  /** Numbers of the epochs, and how many rows to train on each leaves out. */
  readonly epochs: readonly { readonly epoch: number; readonly leftOut: number }[];
}

/**
 * Checks a plan, whoever made it, against the rules of `planEpoch`: rows that the data hold, each once an epoch, no more than `batch_size` a batch,
 * of one task unless blended, and no two in a batch where a document of one is a positive of the other.
 *
 * @param lines of the plan; blank ones are passed over
 * @param nameOf how a group of documents is called
 */
export function checkPlan(
  lines: readonly string[],
  rows: readonly NamedRow[],
  settings: BatchSettings,
  nameOf: (group: number) => string,
): PlanFacts {
  const checker = new PlanChecker(rows, settings, nameOf);
  for (const [index, text] of lines.entries()) if (text.trim() !== "") checker.check(text, index + 1);
  return checker.facts;
}

/** A row of a batch, by its position in the list of rows and by what the plan calls it. */
interface Member {
  readonly position: number;
  readonly name: string;
}

class PlanChecker {
  readonly #rows: readonly NamedRow[];
  readonly #settings: BatchSettings;
  readonly #nameOf: (group: number) => string;
  readonly #byId = new Map<string, number[]>();
  readonly #byLine = new Map<number, number>();
  /** For each epoch, the line of the plan that names a row. A query that stands on several lines is as many rows where a plan goes by lines. */
  readonly #seen = new Map<number, { readonly rows: Map<string, number>; readonly queries: Set<number> }>();
  readonly #violations: PlanViolation[] = [];
  #batches = 0;

  constructor(rows: readonly NamedRow[], settings: BatchSettings, nameOf: (group: number) => string) {
    this.#rows = rows;
    this.#settings = settings;
    this.#nameOf = nameOf;
    for (const [position, { id, lines }] of rows.entries()) {
      const known = this.#byId.get(id);
      if (known === undefined) this.#byId.set(id, [position]);
      else known.push(position);
      for (const line of lines) this.#byLine.set(line, position);
    }
  }

  get facts(): PlanFacts {
    const usable = this.#rows.filter(({ unusable }) => unusable === undefined).length;
    const epochs = [...this.#seen].map(([epoch, { queries }]) => ({ epoch, leftOut: usable - queries.size }));
    return { violations: this.#violations, batches: this.#batches, epochs };
  }

  check(text: string, line: number): void {
    const read = parsePlanLine(text);
    if (!read.ok) {
      this.#report(line, read.failure.message);
      return;
    }
    this.#batches += 1;
    const members = this.#membersOf(read.value, line);
    const { batch_size: size, batches } = this.#settings;
    const named = (read.value.lines ?? read.value.rows ?? []).length;
    if (named > size) this.#report(line, `The batch has ${String(named)} rows, more than batch_size ${String(size)}.`);
    this.#checkRepeats(members, read.value.epoch, line);
    if (!batches.blended) this.#checkTasks(members, read.value.task, line);
    this.#checkConflicts(members, line);
  }

  #membersOf({ rows, lines }: PlannedBatch, line: number): readonly Member[] {
    const named = Array.from({ length: (rows ?? lines ?? []).length }, (_, i) => this.#find(rows?.[i], lines?.[i]));
    return named.flatMap((found) => {
      if (typeof found !== "string") return [found];
      this.#report(line, found);
      return [];
    });
  }

  /** The row that an id, a line, or both name; else what is wrong with them. */
  #find(id: string | undefined, line: number | undefined): Member | string {
    const ofId = id === undefined ? undefined : (this.#byId.get(id) ?? []);
    if (ofId?.length === 0) return `The data have no query ${quoted(id ?? "")}.`;
    if (line === undefined && ofId !== undefined && ofId.length > 1) {
      return `${String(ofId.length)} queries have the id ${quoted(id ?? "")}: name the one that is meant by its line, in "lines".`;
    }
    const position = line === undefined ? ofId?.[0] : this.#byLine.get(line);
    if (position === undefined) return `The data have no query on line ${String(line)}.`;
    const { id: own, unusable } = itemAt(this.#rows, position);
    if (ofId?.includes(position) === false) return `Line ${String(line)} of the data holds ${quoted(own)}, not ${quoted(id ?? "")}.`;
    if (unusable !== undefined) return `${quoted(own)} is not to be trained on: ${unusable}.`;
    return { position, name: line === undefined ? quoted(own) : `${quoted(own)} on line ${String(line)}` };
  }

  #checkRepeats(members: readonly Member[], epoch: number, line: number): void {
    const seen = this.#seen.get(epoch) ?? { rows: new Map<string, number>(), queries: new Set<number>() };
    this.#seen.set(epoch, seen);
    for (const { name, position } of members) {
      const before = seen.rows.get(name);
      if (before === undefined) seen.rows.set(name, line);
      else this.#report(line, `${name} stands in epoch ${String(epoch)} twice: also on line ${String(before)} of the plan.`);
      seen.queries.add(position);
    }
  }

  #checkTasks(members: readonly Member[], said: string | undefined, line: number): void {
    const firsts = new Map<string, string>();
    for (const { position, name } of members) {
      const { task } = itemAt(this.#rows, position);
      if (!firsts.has(task)) firsts.set(task, name);
    }
    if (firsts.size > 1) {
      const tasks = [...firsts].map(([task, name]) => `${quoted(task)} (${name})`).join(", ");
      this.#report(line, `The batch mixes ${String(firsts.size)} tasks: ${tasks}.`);
    }
    const [task] = firsts.keys();
    if (said !== undefined && firsts.size === 1 && task !== said) {
      this.#report(line, `The batch says task ${quoted(said)}, but its rows are of ${quoted(task ?? "")}.`);
    }
  }

  /** Each pair of rows is reported once, with the first document that stands between them. */
  #checkConflicts(all: readonly Member[], line: number): void {
    // A row named twice is reported as that.
    const members = [...new Map(all.map((member) => [member.name, member])).values()];
    const bringing = new Map<number, number[]>();
    for (const [at, { position }] of members.entries()) {
      for (const group of new Set(itemAt(this.#rows, position).documents)) {
        const known = bringing.get(group);
        if (known === undefined) bringing.set(group, [at]);
        else known.push(at);
      }
    }
    const reported = new Set<number>();
    for (const [at, member] of members.entries()) {
      for (const group of itemAt(this.#rows, member.position).positives) {
        for (const other of bringing.get(group) ?? []) {
          const pair = Math.min(at, other) * members.length + Math.max(at, other);
          if (other === at || reported.has(pair)) continue;
          reported.add(pair);
          this.#report(line, this.#conflict(member, itemAt(members, other), group));
        }
      }
    }
  }

  #conflict(member: Member, other: Member, group: number): string {
    const isShared = itemAt(this.#rows, other.position).positives.includes(group);
    const document = `The document ${quoted(this.#nameOf(group))}`;
    return isShared
      ? `${document} is a positive of both ${member.name} and ${other.name}.`
      : `${document}, a negative of ${other.name}, is a positive of ${member.name}.`;
  }

  #report(line: number, message: string): void {
    this.#violations.push({ line, message });
  }
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
