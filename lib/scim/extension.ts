import type { Attribute, Schema } from './attribute';
import { invalidValue } from './error';
import { COMMON_ATTRIBUTES } from './schema';

/** Most attributes of one custom extension, sub-attributes not counted. */
export const MAX_EXTENSION_ATTRIBUTES = 200;

const URN = /^urn:[a-z0-9][a-z0-9-]{0,31}:[\w()+,.:=@;$!*'%/-]+$/i;
const ATTRIBUTE_NAME = /^[A-Za-z][\w-]*$/;
const RESERVED_PREFIX = 'urn:ietf:params:scim:';

/** Whether a text can name an extension: a URN outside the RFCs' own space, or below `urn:ietf:params:scim:schemas:extension:`. */
export function isExtensionUrn(text: string): boolean {
  return isUrn(text) && !isReserved(text);
}

function isUrn(text: string): boolean {
  return URN.test(text) && !text.endsWith(':');
}

function isReserved(urn: string): boolean {
  const key = urn.toLowerCase();
  return key.startsWith(RESERVED_PREFIX) && !key.startsWith(`${RESERVED_PREFIX}schemas:extension:`);
}

/**
 * Checks a schema that someone declared for a directory, before it becomes part of a resource type: a URN outside the
 * RFCs' own space except below `urn:ietf:params:scim:schemas:extension:`, names as RFC 7643 §2.1 has them, each once in
 * any case, complex attributes with simple sub-attributes only (§2.3.8), nothing required (a provider that does not know
 * the extension could create nobody).
 * @throws ScimError invalidValue that names what is wrong
 */
export function assertExtensionSchema(schema: Schema): void {
  const id = schema.id.toLowerCase();
  if (!isUrn(schema.id)) throw invalidValue(`"${schema.id}" is not a URN such as urn:example:extension:1.0:User.`);
  if (isReserved(schema.id)) throw invalidValue(`${schema.id} is reserved; use a URN of your own.`);
  if (id === 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:user') {
    throw invalidValue(`${schema.id} is there already.`);
  }
  if (schema.attributes.length === 0) throw invalidValue(`${schema.id} has no attributes.`);
  if (schema.attributes.length > MAX_EXTENSION_ATTRIBUTES) {
    throw invalidValue(`${schema.id} has more than ${MAX_EXTENSION_ATTRIBUTES} attributes.`);
  }
  assertNames(schema.attributes, schema.id);
  for (const attribute of schema.attributes) assertAttribute(attribute, `${schema.id}:${attribute.name}`);
}

function assertNames(attributes: readonly Attribute[], where: string): void {
  const seen = new Set(COMMON_ATTRIBUTES.map((attribute) => attribute.name.toLowerCase()));
  for (const { name } of attributes) {
    const key = name.toLowerCase();
    if (!ATTRIBUTE_NAME.test(name) && name !== '$ref') throw invalidValue(`"${name}" is not an attribute name.`);
    if (seen.has(key)) throw invalidValue(`The name ${name} is taken in ${where}.`);
    seen.add(key);
  }
}

function assertAttribute(attribute: Attribute, where: string): void {
  if (attribute.required) throw invalidValue(`${where} cannot be required.`);
  if (attribute.type !== 'complex') {
    if (attribute.subAttributes !== undefined) throw invalidValue(`${where} is not complex and has no sub-attributes.`);
    return;
  }
  const subAttributes = attribute.subAttributes ?? [];
  if (subAttributes.length === 0) throw invalidValue(`${where} is complex and needs sub-attributes.`);
  assertNames(subAttributes, where);
  for (const subAttribute of subAttributes) {
    if (subAttribute.type === 'complex') throw invalidValue(`${where}.${subAttribute.name} cannot be complex too.`);
    assertAttribute(subAttribute, `${where}.${subAttribute.name}`);
  }
}
