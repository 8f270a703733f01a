import { AppError } from '@/lib/core/error';
import { ORGANIZATION_LIMITS } from '@/lib/domain/organization/types';
import { textOf } from '../form-text';
import { metadataInputNames } from './metadata-inputs';

function refuse(description: string): never {
  throw new AppError('invalid_argument', description, { fieldViolations: [{ field: 'metadata', description }] });
}

/**
 * The metadata of a posted form; rows left blank are skipped.
 * @throws invalid_argument on `metadata` for a value without a key, and for a key that stands twice
 */
export function readMetadata(form: FormData): Record<string, string> {
  const pairs = new Map<string, string>();
  for (let row = 0; row < ORGANIZATION_LIMITS.metadataPairs; row += 1) {
    const names = metadataInputNames(row);
    const key = textOf(form, names.key).trim();
    // Browsers send the line breaks of a text area as CRLF, whatever they were.
    const value = textOf(form, names.value).replaceAll('\r\n', '\n');
    if (key === '' && value === '') continue;
    if (key === '') refuse(`Give the value “${value.slice(0, 40)}” a key, or clear it.`);
    if (pairs.has(key)) refuse(`The key ${key} stands twice. Use each key once.`);
    pairs.set(key, value);
  }
  return Object.fromEntries(pairs);
}
