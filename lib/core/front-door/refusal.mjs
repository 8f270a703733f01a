import { bodyLimitOf } from './judge.mjs';

/**
 * @typedef {object} Refusal
 * @property {string} title
 * @property {string} detail One or two sentences: what is wrong and what to do.
 * @property {string} code Stable, for programs.
 * @property {number} grpcCode
 * @property {string} connectCode The same code as the Connect protocol has it.
 */

/** The name of the error details that every error of the API carries; their first field is the stable code. */
const ERROR_INFO = 'scalekit.v1.errdetails.ErrorInfo';
const FIRST_FIELD_AS_TEXT = 0x0a;

/** The details of an error, which has no more to say than its code. @param {string} errorCode */
function encodeErrorInfo(errorCode) {
  return Buffer.from([FIRST_FIELD_AS_TEXT, errorCode.length, ...Buffer.from(errorCode)]).toString('base64');
}

/** @param {string} text */
function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * What a refused request is told, in one or two sentences.
 * @param {number} status @param {import('./judge.mjs').Surface} surface @param {string} publicOrigin
 * @returns {Refusal}
 */
export function explainRefusal(status, surface, publicOrigin) {
  if (status === 421) {
    return {
      title: 'This address is not set up',
      detail: `This server answers at ${publicOrigin}. To use another address, set GATEHOUSE_URL to it and restart.`,
      code: 'FAILED_PRECONDITION',
      grpcCode: 9,
      connectCode: 'failed_precondition',
    };
  }
  if (status === 413) {
    const limitMebibytes = bodyLimitOf(surface) / 1024 / 1024;
    return {
      title: 'The request is too large',
      detail: `A request body may have up to ${limitMebibytes} MiB here. Send it in smaller parts.`,
      code: 'MESSAGE_TOO_LARGE',
      grpcCode: 8,
      connectCode: 'resource_exhausted',
    };
  }
  if (status === 400) {
    return {
      title: 'The request cannot be read',
      detail: 'A request needs a Host header and a path that starts with a slash.',
      code: 'VALIDATION_ERROR',
      grpcCode: 3,
      connectCode: 'invalid_argument',
    };
  }
  return {
    title: 'Something went wrong',
    detail: 'Try again in a moment.',
    code: 'INTERNAL',
    grpcCode: 13,
    connectCode: 'internal',
  };
}

/** @param {string} title @param {string} detail */
function renderPage(title, detail) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.6 ui-sans-serif, system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 24px; background: Canvas; color: CanvasText; }
  main { max-width: 34rem; }
  h1 { font-size: 1.25rem; font-weight: 600; margin: 0 0 8px; }
  p { margin: 0; opacity: 0.8; overflow-wrap: anywhere; }
</style>
<main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(detail)}</p></main>
</html>
`;
}

/**
 * A refusal in the shape that its reader expects: a SCIM error (RFC 7644 §3.12), an error of the Connect
 * protocol, the API's JSON, a page, or plain text.
 * @param {number} status
 * @param {import('./judge.mjs').Surface} surface
 * @param {string | undefined} accept the Accept header
 * @param {string} publicOrigin
 * @returns {{contentType: string, body: string}}
 */
export function renderRefusal(status, surface, accept, publicOrigin) {
  const { title, detail, code, grpcCode, connectCode } = explainRefusal(status, surface, publicOrigin);
  if (surface === 'scim') {
    const error = { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail };
    return { contentType: 'application/scim+json; charset=utf-8', body: JSON.stringify(error) };
  }
  if (surface === 'rpc') {
    const details = [{ type: ERROR_INFO, value: encodeErrorInfo(code), debug: { errorCode: code } }];
    return {
      contentType: 'application/json',
      body: JSON.stringify({ code: connectCode, message: detail, details }),
    };
  }
  if (surface === 'api' || surface === 'health') {
    return {
      contentType: 'application/json',
      body: JSON.stringify({ code: grpcCode, message: detail, error_code: code }),
    };
  }
  return /text\/html/i.test(accept ?? '')
    ? { contentType: 'text/html; charset=utf-8', body: renderPage(title, detail) }
    : { contentType: 'text/plain; charset=utf-8', body: `${title}. ${detail}\n` };
}
