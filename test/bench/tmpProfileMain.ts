import { proposalsBench } from "./tmpProfile.bench";
await proposalsBench.run();
process.exit(0);
