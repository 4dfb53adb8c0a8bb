import os from "node:os";

/** The machine and how busy it was, in a sentence. */
export function machine(loadBefore: string): string {
  const processors = `${String(os.availableParallelism())} processors (${os.cpus()[0]?.model.trim() ?? "unknown"})`;
  return `Measured on ${processors}, Node ${process.versions.node}, load ${loadBefore} at the start and ${load()} at the end.`;
}

/** Processes that wanted a processor, over the last minute. */
export function load(): string {
  return (os.loadavg()[0] ?? 0).toFixed(1);
}
