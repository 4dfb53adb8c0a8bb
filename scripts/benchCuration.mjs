// `npm run bench:curation [-- COLLECTION...]`: what marks are worth, by simulated curators on judged collections, into docs/curation-quality.md.
import { runBundled } from "./runBundled.mjs";

process.exit(await runBundled("test/curation/main.ts"));
