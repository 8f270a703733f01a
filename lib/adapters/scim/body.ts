import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import type { Json } from '@/lib/scim/attribute';
import { invalidSyntax, ScimError } from '@/lib/scim/error';
import { parseJson } from '@/lib/scim/json';
import { isAcceptedMediaType } from '@/lib/scim/quirks';
import { MAX_BODY_BYTES, type ScimRequest } from './http';

const unzip = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate) };

/** 413 for a body beyond the limit. */
export function bodyTooLarge(): ScimError {
  return new ScimError(413, `The body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MB. Send it in parts.`);
}

/**
 * Collects a stream of bytes up to the limit. Past it the rest is not read.
 * @throws ScimError 413
 */
export async function collectBody(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw bodyTooLarge();
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/**
 * The JSON of a request: media type, content encoding and size checked first.
 * @returns the parsed body and its text for the log
 * @throws ScimError 413, 415, or 400 invalidSyntax
 */
export async function readJsonBody(request: ScimRequest): Promise<{ json: Json; text: string }> {
  const mediaType = request.headers['content-type'];
  // RFC 7644 §3.1.
  if (!isAcceptedMediaType(mediaType)) {
    throw new ScimError(415, `Send application/scim+json or application/json, not ${mediaType?.slice(0, 80)}.`);
  }
  const bytes = await decode(await request.readBody(), request.headers['content-encoding']);
  return { json: parseJson(bytes), text: bytes.toString('utf8') };
}

async function decode(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase();
  if (!name || name === 'identity') return bytes;
  if (!Object.hasOwn(unzip, name))
    throw new ScimError(415, `The content encoding ${name.slice(0, 40)} is not supported. Use gzip.`);
  try {
    return await unzip[name as keyof typeof unzip](bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw bodyTooLarge();
    throw invalidSyntax('The body is not valid gzip.');
  }
}
