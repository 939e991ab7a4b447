/** Addresses and secrets of one page of the panel. */
export interface PanelAssets {
  /** The webview's own source, for styles and fonts. */
  readonly cspSource: string;
  /** Fresh for each page; only scripts that carry it run. */
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  readonly codiconUri: string;
}

/** The page of the live panel: one script, two stylesheets, nothing inline, nothing from outside. */
export function panelHtml({ cspSource, nonce, scriptUri, styleUri, codiconUri }: PanelAssets): string {
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
  <heapwright-panel></heapwright-panel>
  <script type="module" nonce="${nonce}" src="${scriptUri}"></script>
</body>
</html>`;
}
