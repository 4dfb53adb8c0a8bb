// Draws the panel in every theme: node test/webview/screenshots.mjs FOLDER [PART OF A NAME]
import { runnerImport } from "vite";

const [folder, only] = process.argv.slice(2);
if (folder === undefined) throw new Error("Name the folder for the screenshots.");
const { module } = await runnerImport(new URL("screenshots.ts", import.meta.url).pathname);
await module.takeScreenshots(folder, only);
