import { AppError, type FieldViolation } from '@/lib/core/error';
import { hasControlCharacter } from '@/lib/core/text';
import type { ResourceType } from '@/lib/scim/attribute';
import { readLookUpPath } from '@/lib/scim/look-up';
import { type Directory, MAX_ATTRIBUTE_MAPPINGS } from './types';

/** Longest name of a custom attribute: a word or two in the application's words. */
const MAX_NAME_LENGTH = 100;

/** Throws `invalid_argument` with the mappings whose key no user can have, or whose name is no name or is taken by another one. */
export function checkMappings(mappings: Directory['attributeMappings'], userType: ResourceType): void {
  if (mappings.length > MAX_ATTRIBUTE_MAPPINGS) {
    throw new AppError('invalid_argument', `A directory has at most ${MAX_ATTRIBUTE_MAPPINGS} attribute mappings.`);
  }
  const violations: FieldViolation[] = [];
  const names = new Set<string>();
  mappings.forEach(({ key, mapTo }, at) => {
    const add = (field: string, description: string) =>
      violations.push({ field: `attribute_mapping.attributes[${at}].${field}`, description });
    if (!readLookUpPath(key, userType)) {
      add(
        'key',
        `Users of this directory have no attribute ${key}. Name one as SCIM does, such as title or name.givenName.`,
      );
    }
    if (mapTo.trim() === '' || mapTo.length > MAX_NAME_LENGTH || hasControlCharacter(mapTo)) {
      add(
        'map_to',
        `The name of a custom attribute has 1 to ${MAX_NAME_LENGTH} characters, and no control characters.`,
      );
    }
    if (names.has(mapTo)) add('map_to', `Another attribute is mapped to ${mapTo} already.`);
    names.add(mapTo);
  });
  const [first] = violations;
  if (first) throw new AppError('invalid_argument', first.description, { fieldViolations: violations });
}
