import { randomBytes } from 'node:crypto';

/** A page of one message, for links: it is answered with a status of its own, which a Next page cannot be. */
export interface LinkPage {
  /** The heading, and the title of the document. */
  readonly title: string;
  /** What happened, and what to do next. */
  readonly paragraphs: readonly string[];
  /** A form without fields that posts to the page's own address. */
  readonly continueLabel?: string;
  /** A chosen theme; undefined follows the system. */
  readonly theme?: 'light' | 'dark';
  /** Runs in the page. Data goes in through `scriptData` only. */
  readonly script?: string;
  /** Read by the script as `data`. */
  readonly scriptData?: unknown;
}

const NONCE_BYTES = 16;

/** The tokens of app/globals.css that a message needs, by hand: this page loads nothing else. */
const STYLE = `
  :root { color-scheme: light; --surface: #ffffff; --ink: #16161a; --soft: #54545e; --accent: #2a53e0; --hover: #3f64e3; --on: #ffffff; --focus: #2346c4; }
  @media (prefers-color-scheme: dark) {
    :root:not([data-theme]) { color-scheme: dark; --surface: #131317; --ink: #ededf0; --soft: #a9a9b5; --accent: #4468f0; --hover: #5777f1; --on: #ffffff; --focus: #93abff; }
  }
  :root[data-theme='dark'] { color-scheme: dark; --surface: #131317; --ink: #ededf0; --soft: #a9a9b5; --accent: #4468f0; --hover: #5777f1; --on: #ffffff; --focus: #93abff; }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 48px 24px; background: var(--surface); color: var(--ink);
    font: 14px/20px ui-sans-serif, system-ui, sans-serif; -webkit-font-smoothing: antialiased; text-align: center; }
  main { max-width: 24rem; }
  h1 { font-size: 20px; line-height: 28px; font-weight: 600; letter-spacing: -0.014em; margin: 0; text-wrap: balance; }
  p { margin: 8px 0 0; color: var(--soft); text-wrap: balance; overflow-wrap: anywhere; }
  button { margin-top: 24px; height: 40px; padding: 0 16px; border: 1px solid transparent; border-radius: 6px; background: var(--accent); color: var(--on);
    font: inherit; font-weight: 500; cursor: pointer; }
  button:hover { background: var(--hover); }
  :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
`;

/** `text` as it may stand between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** `value` as it may stand in a script element. */
function toScriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * The page as HTML, and the Content-Security-Policy that it needs: nothing but its own style and script runs.
 * @param frameAncestors the directive that says who may frame it
 */
export function renderLinkPage(page: LinkPage, frameAncestors: string): { html: string; policy: string } {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const lines = [
    '<!doctype html>',
    `<html lang="en"${page.theme ? ` data-theme="${page.theme}"` : ''}>`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex, nofollow">',
    `<title>${escapeHtml(page.title)}</title>`,
    `<style nonce="${nonce}">${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escapeHtml(page.title)}</h1>`,
    ...page.paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`),
    ...(page.continueLabel
      ? [`<form method="post"><button type="submit">${escapeHtml(page.continueLabel)}</button></form>`]
      : []),
    '</main>',
    ...(page.script
      ? [
          `<script nonce="${nonce}">(function (data) {${page.script}})(${toScriptJson(page.scriptData ?? null)});</script>`,
        ]
      : []),
    '</body>',
    '</html>',
    '',
  ];
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "form-action 'self'",
    "base-uri 'none'",
    frameAncestors,
  ].join('; ');
  return { html: lines.join('\n'), policy };
}
