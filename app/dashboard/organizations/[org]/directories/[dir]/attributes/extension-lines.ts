import { invalidField } from '@/lib/core/error';
import { type CustomExtension, EXTENSION_ATTRIBUTE_TYPES } from '@/lib/domain/directory/types';

type ExtensionAttribute = CustomExtension['attributes'][number];

/** Extensions as the form shows them: an attribute a line, `urn:…:User:badge string`, with `list` behind the type of lists. */
export function writeExtensionLines(extensions: readonly CustomExtension[]): string {
  return extensions
    .flatMap(({ urn, attributes }) =>
      attributes.map(({ name, type, isMultiValued }) => `${urn}:${name} ${type}${isMultiValued ? ' list' : ''}`),
    )
    .join('\n');
}

/** Reads what `writeExtensionLines` writes; a line without a type is a string. @throws invalid_argument that names the line */
export function readExtensionLines(text: string): CustomExtension[] {
  const byUrn = new Map<string, ExtensionAttribute[]>();
  text.split(/\r?\n/).forEach((line, index) => {
    const [path, type = 'string', list, ...rest] = line.trim().split(/\s+/);
    if (!path) return;
    const refuse = (description: string) => invalidField('extensions', `Line ${index + 1}: ${description}`);
    const colon = path.lastIndexOf(':');
    const isKnownType = (EXTENSION_ATTRIBUTE_TYPES as readonly string[]).includes(type);
    if (colon < 0) throw refuse('write the URN of the extension, a colon and the name, such as urn:…:2.0:User:badge.');
    if (!isKnownType) throw refuse(`${type} is not a type. Use ${EXTENSION_ATTRIBUTE_TYPES.join(', ')}.`);
    if ((list !== undefined && list !== 'list') || rest.length > 0) throw refuse('only “list” may follow the type.');
    const attribute = {
      name: path.slice(colon + 1),
      type: type as ExtensionAttribute['type'],
      isMultiValued: list === 'list',
    };
    const urn = path.slice(0, colon);
    byUrn.set(urn, [...(byUrn.get(urn) ?? []), attribute]);
  });
  return [...byUrn].map(([urn, attributes]) => ({ urn, attributes }));
}
