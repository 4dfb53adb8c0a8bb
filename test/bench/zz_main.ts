import { curationBench } from "./curation.bench";
for (const f of await curationBench.run()) console.log(f.name, f.value.toFixed(2), f.unit);
process.exit(0);
