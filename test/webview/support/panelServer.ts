import { createServer, type Server } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { build as bundle } from "esbuild";
import { build } from "vite";

const root = path.resolve(import.meta.dirname, "../../..");
const webview = path.join(root, "webview");
const nonce = "bmVhcm1pc3M";

export type Theme = "light" | "dark" | "hc";
const bodyClasses: Readonly<Record<Theme, string>> = { light: "vscode-light", dark: "vscode-dark", hc: "vscode-high-contrast" };

/** Built files by name. */
type Files = ReadonlyMap<string, string>;

/** Serves the built panel as the extension does: the same policy, with the scripted host in the place of VS Code. */
export class PanelServer {
  readonly origin: string;
  readonly #server: Server;

  private constructor(server: Server, origin: string) {
    this.#server = server;
    this.origin = origin;
  }

  static async start(): Promise<PanelServer> {
    const files = new Map([...(await buildPanel()), ["fakeHost.js", await bundleFakeHost()]]);
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://panel");
      void answer(url, files).then(
        ({ type, body }) => response.writeHead(200, { "content-type": type }).end(body),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The panel server has no port.");
    return new PanelServer(server, `http://127.0.0.1:${String(address.port)}`);
  }

  address(theme: Theme, scenario = ""): string {
    return panelAddress(this.origin, theme, scenario);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The page of a server's panel. */
export function panelAddress(origin: string, theme: Theme, scenario = ""): string {
  return `${origin}/?theme=${theme}&scenario=${scenario}`;
}

async function bundleFakeHost(): Promise<string> {
  const result = await bundle({
    stdin: { contents: 'import { installFakeHost } from "./webview/fakeHost"; installFakeHost();', resolveDir: root },
    bundle: true,
    write: false,
    format: "iife",
    target: "chrome120",
  });
  return result.outputFiles[0]?.text ?? "";
}

/** Builds the panel with its own config, into memory. */
async function buildPanel(): Promise<Files> {
  const built = await build({ configFile: path.join(webview, "vite.config.ts"), logLevel: "error", build: { write: false } });
  if (!("output" in built)) throw new Error("The build of the panel has no output.");
  return new Map(built.output.map((file) => [file.fileName, file.type === "chunk" ? file.code : String(file.source)]));
}

async function answer(url: URL, files: Files): Promise<{ readonly type: string; readonly body: string }> {
  if (url.pathname === "/") return { type: "text/html; charset=utf-8", body: page(url) };
  const name = path.basename(url.pathname);
  const body = url.pathname.startsWith("/themes/") ? await readFile(path.join(webview, "fake/themes", name), "utf8") : files.get(name);
  if (body === undefined) throw new Error(`${url.pathname} is not served.`);
  return { type: name.endsWith(".css") ? "text/css" : "text/javascript", body };
}

/** The page as the extension writes it, and before it the scripts that stand in for VS Code: host, theme, and a witness of violations. */
function page(url: URL): string {
  const theme = (url.searchParams.get("theme") ?? "dark") as Theme;
  const source = "'self'";
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
    `font-src ${source}`,
    `img-src ${source} data:`,
  ].join("; ");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta property="csp-nonce" content="${nonce}" />
    <title>Nearmiss review</title>
    <link rel="stylesheet" href="/themes/base.css" />
    <link rel="stylesheet" href="/themes/${theme}.css" />
    <script nonce="${nonce}">
      window.violations = [];
      window.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
    </script>
    <script nonce="${nonce}" src="/fakeHost.js"></script>
    <link rel="stylesheet" href="/main.css" />
  </head>
  <body class="${bodyClasses[theme]}">
    <div id="app"></div>
    <script type="module" nonce="${nonce}" src="/main.js"></script>
  </body>
</html>`;
}
