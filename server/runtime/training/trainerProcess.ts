/** Entry of the forked process that trains adapters: arithmetic that neither the editor nor the search should wait for. */
import type { FromProcess, ToProcess } from "../process/processTraffic";
import type { TrainerTraffic } from "./trainerMessages";
import { TrainerService } from "./trainerService";

const service = new TrainerService((message: FromProcess<TrainerTraffic>) => {
  // A parent that has gone away needs no answer; "disconnect" ends this process.
  if (process.connected) process.send?.(message);
});

process.on("message", (message: ToProcess<TrainerTraffic>) => {
  service.receive(message);
});
process.on("disconnect", () => process.exit(0));
