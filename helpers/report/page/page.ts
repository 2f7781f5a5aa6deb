/**
 * The frame of every HTML page: one self-contained file that opens from disk, asks the network for nothing and reads
 * without JavaScript. Its content security policy names its own script and styles by digest: were a student's text ever
 * written unescaped, a browser would still not run it.
 */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Markup in which everything that was put in has been escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Browsers ask a server for an icon unless a page has one. */
const NO_ICON = raw('\n<link rel="icon" href="data:,">');

/** A page's own style sheet (the theme included) and script, as text; see assets.ts. */
export interface PageAssets {
  style: string;
  script?: string;
}

/**
 * @param isServed Whether a server hands the page out, which its script may then ask for more.
 * @returns the whole file.
 */
export async function page(
  title: string,
  { style, script }: PageAssets,
  body: Html,
  isServed = false,
): Promise<string> {
  const policy = [
    `default-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `img-src data:`,
    `style-src '${digest(style)}'`,
    ...(script === undefined ? [] : [`script-src '${digest(script)}'`]),
    ...(isServed ? [`connect-src 'self'`] : []),
  ].join('; ');
  // The digests are of exactly the text between the tags: there must be no white space around it.
  const styleElement = raw(`<style>${style}</style>`);
  const scriptElement = script === undefined ? '' : raw(`<script type="module">${script}</script>`);
  const written = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>${isServed ? NO_ICON : ''}
${styleElement}
</head>
<body>
${body}
${scriptElement}
</body>
</html>
`;
  return String(written);
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
