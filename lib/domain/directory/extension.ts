import { invalidField } from '@/lib/core/error';
import type { Schema } from '@/lib/scim/attribute';
import { ScimError } from '@/lib/scim/error';
import { assertExtensionSchema } from '@/lib/scim/extension';
import { defineAttribute } from '@/lib/scim/schema';
import { type CustomExtension, MAX_CUSTOM_EXTENSIONS } from './types';

/** The SCIM schema that a declared extension stands for. */
export function extensionSchema({ urn, attributes }: CustomExtension): Schema {
  return {
    id: urn,
    name: urn.split(':').at(-1) ?? urn,
    description: 'Declared for this directory',
    attributes: attributes.map(({ name, type, isMultiValued }) =>
      defineAttribute(name, 'Declared for this directory', { type, multiValued: isMultiValued }),
    ),
  };
}

/** Throws `invalid_argument` for extensions that cannot work: wrong or reserved URNs and names, or any of them twice. */
export function checkExtensions(extensions: readonly CustomExtension[]): void {
  if (extensions.length > MAX_CUSTOM_EXTENSIONS) {
    throw invalidField('extensions', `A directory has at most ${MAX_CUSTOM_EXTENSIONS} extensions.`);
  }
  const urns = new Set<string>();
  for (const extension of extensions) {
    const key = extension.urn.toLowerCase();
    if (urns.has(key)) throw invalidField('extensions', `${extension.urn} is declared twice.`);
    urns.add(key);
    try {
      assertExtensionSchema(extensionSchema(extension));
    } catch (error) {
      throw error instanceof ScimError ? invalidField('extensions', error.detail) : error;
    }
  }
}
