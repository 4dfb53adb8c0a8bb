import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * One script and one style sheet with fixed names, since the panel's HTML is written by the extension and its policy allows nothing
 * inline. `vite dev` serves index.html, which starts the same panel on the scripted host.
 */
export default defineConfig({
  root: here("."),
  configFile: false,
  plugins: [svelte({ compilerOptions: { css: "external", runes: undefined } })],
  server: { host: "127.0.0.1" },
  build: {
    outDir: here("../dist/webview"),
    emptyOutDir: true,
    target: "chrome120",
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: here("main.ts"),
      output: { entryFileNames: "main.js", assetFileNames: "main[extname]", codeSplitting: false },
    },
  },
});
