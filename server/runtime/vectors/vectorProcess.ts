/**
 * Entry of the forked process that owns encoder, vectors and indexes. A process, since ONNX Runtime crashes in worker threads and blocks
 * its thread while a model runs.
 */
import type { FromProcess, ToProcess } from "../process/processTraffic";
import type { VectorTraffic } from "./vectorMessages";
import { VectorService } from "./vectorService";

const service = new VectorService((message: FromProcess<VectorTraffic>) => {
  // A parent that has gone away needs no answer; "disconnect" ends this process.
  if (process.connected) process.send?.(message);
});

process.on("message", (message: ToProcess<VectorTraffic>) => {
  service.receive(message);
});
process.on("disconnect", () => process.exit(0));
