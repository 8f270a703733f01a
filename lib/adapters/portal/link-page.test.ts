import { expect, test } from 'vitest';
import { renderLinkPage } from './link-page';

const page = { title: 'A <b> & "c"', paragraphs: ["it's </p><script>alert(1)</script>"] };

test('text is shown as text', () => {
  const { html } = renderLinkPage(page, "frame-ancestors 'self'");
  expect(html).not.toContain('<script>alert');
  expect(html).not.toContain('<b>');
  expect(html).toContain('A &#60;b&#62; &#38; &#34;c&#34;');
});

test('data cannot leave its script element', () => {
  const { html } = renderLinkPage({ ...page, script: 'x(data)', scriptData: { a: '</script><b>\u2028' } }, '');
  expect(html.match(/<\/script>/g)).toHaveLength(1);
  expect(html).toContain('\\u003c/script\\u003e');
});

test('only the page’s own style and script run, and who may frame it is said', () => {
  const { html, policy } = renderLinkPage({ ...page, script: 'x' }, "frame-ancestors 'self' https://app.example");
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
  expect(html).toContain(`<script nonce="${nonce}">`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'self' https://app.example");
  expect(renderLinkPage(page, '').policy).not.toContain(String(nonce));
});
