/** What the page needs to know of where it is shown. */
export interface PanelPage {
  /** The webview's source for scripts, styles and fonts in the content security policy. */
  readonly source: string
  readonly script: string
  readonly style: string
  /** New for every page. */
  readonly nonce: string
  /** The editor's display language. */
  readonly language: string
}

/**
 * The panel's document. Nothing is allowed but its own script, its style sheet, its icon font, and pictures that it
 * makes itself for export.
 */
export function panelHtml({ source, script, style, nonce, language }: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `font-src ${source}`,
    'img-src data:',
  ].join('; ')
  return `<!DOCTYPE html>
<html lang="${language}">
  <head>
    <meta charset="UTF-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>ConvLens</title>
    <link rel="stylesheet" href="${style}">
  </head>
  <body>
    <div id="root"></div>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`
}
