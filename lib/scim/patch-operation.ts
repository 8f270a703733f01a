import type { Json } from './attribute';
import type { PatchPath } from './syntax';

/**
 * A PATCH operation in canonical form: always with a path to an attribute, its value already read as that attribute.
 * For `remove`, `value` is present only when the client named elements to remove. A `replace` without value does not
 * occur: it is a `remove`, except for `members`, where it means the empty list.
 */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: PatchPath;
  readonly value?: Json;
}
