import { randomBytes } from "node:crypto";
import { Uri, env } from "vscode";
import type { Webview } from "vscode";

/** The folder of the built webview, the only one that a panel may load from. */
export function webviewRoot(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, "dist", "webview");
}

/**
 * The page of a panel. Its policy admits our own script and style sheets alone, so that a text from a data set cannot run or load
 * anything, whatever it holds. The toolkit adds a style element to probe for focus rings: it takes its nonce from the second meta element.
 */
export function panelHtml(webview: Webview, extensionUri: Uri): string {
  const nonce = randomBytes(18).toString("base64");
  const asset = (name: string): string => webview.asWebviewUri(Uri.joinPath(webviewRoot(extensionUri), name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
  ].join("; ");
  return `<!doctype html>
<html lang="${env.language}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta property="csp-nonce" content="${nonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Nearmiss</title>
    <link rel="stylesheet" href="${asset("main.css")}" />
  </head>
  <body>
    <div id="app"></div>
    <script type="module" nonce="${nonce}" src="${asset("main.js")}"></script>
  </body>
</html>`;
}
