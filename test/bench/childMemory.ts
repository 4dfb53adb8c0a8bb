import { spawn } from "node:child_process";
import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

export interface ChildRun {
  readonly seconds: number;
  /**
   * The most memory that the process and its children had at one moment, seen every 50 ms, in MB: proportional set size, in which the program
   * text that two processes share counts once. Undefined where the system does not tell, which only Linux does.
   */
  readonly peak: number | undefined;
}

/** Runs a Node program to its end. Throws with what it said where it fails. */
export async function runNode(args: readonly string[]): Promise<ChildRun> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const said: Buffer[] = [];
  child.stderr.on("data", (piece: Buffer) => said.push(piece));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  let peak: number | undefined;
  for (let open = true; open;) {
    const now = child.pid === undefined ? undefined : megabytes(child.pid);
    if (now !== undefined) peak = Math.max(peak ?? 0, now);
    open = await Promise.race([ended.then(() => false), wait(50, true)]);
  }
  const code = await ended;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${String(code)}:\n${Buffer.concat(said).toString()}`);
  return { seconds: (performance.now() - started) / 1000, peak };
}

function megabytes(pid: number): number | undefined {
  try {
    const kilobytes = Number(/^Pss:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${String(pid)}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    const children = fs.readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, "utf8").trim();
    const below = children === "" ? [] : children.split(" ").map((child) => megabytes(Number(child)) ?? 0);
    return (kilobytes * 1024) / 1e6 + below.reduce((sum, one) => sum + one, 0);
  } catch {
    // Not Linux, or the process has just ended.
    return undefined;
  }
}
