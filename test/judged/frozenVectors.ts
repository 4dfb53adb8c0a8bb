import os from "node:os";
import path from "node:path";
import type { SlotText, VectorSpace } from "#core/ports";
import { VectorClient } from "../../server/runtime/vectors/vectorClient";
import { builtModels, buildVectorProcess } from "../support/buildVectorProcess";
import { repoRoot } from "../support/repoRoot";

/** The product's vector process on one thread, with a cache of its own so that a second run need not embed. */
export async function frozenVectors(): Promise<(textOf: SlotText) => VectorSpace> {
  const processFile = await buildVectorProcess();
  const settings = {
    modelsFolder: builtModels(),
    baseFolder: os.tmpdir(),
    cacheFolder: path.join(repoRoot, ".cache/quality"),
    threads: 1,
    background: true,
  };
  return (text) => new VectorClient({ processFile, log: () => undefined, settings, source: { kind: "texts", text } });
}
