/** What makes one page: the panel, or a file's editor. */
export interface PanelAssets {
  /** The webview's own source, for styles and fonts. */
  readonly cspSource: string;
  /** Fresh for each page; only scripts that carry it run. */
  readonly nonce: string;
  /** The element that the script draws. */
  readonly element: `heapwright-${string}`;
  readonly scriptUri: string;
  readonly styleUri: string;
  readonly codiconUri: string;
}

/** A page: one script, two stylesheets, nothing inline, nothing from outside. */
export function panelHtml({
  cspSource,
  nonce,
  element,
  scriptUri,
  styleUri,
  codiconUri,
}: PanelAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1.0">
  <link rel="stylesheet" href="${codiconUri}">
  <link rel="stylesheet" href="${styleUri}">
  <title>Heapwright</title>
</head>
<body>
  <${element}></${element}>
  <script type="module" nonce="${nonce}" src="${scriptUri}"></script>
</body>
</html>`;
}
