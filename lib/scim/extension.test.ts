import { describe, expect, it } from 'vitest';
import { assertExtensionSchema } from './extension';
import { defineAttribute } from './schema';

const schema = (
  id: string,
  ...attributes: ReturnType<typeof defineAttribute>[]
): Parameters<typeof assertExtensionSchema>[0] => ({
  id,
  name: 'X',
  description: 'X',
  attributes,
});
const URN = 'urn:example:params:scim:schemas:extension:2.0:User';
const badge = defineAttribute('badge', 'B.');

describe('a declared extension', () => {
  it('may have simple and complex attributes below a URN of its own', () => {
    const desk = defineAttribute('desk', 'D.', {
      type: 'complex',
      subAttributes: [badge, defineAttribute('$ref', 'R.')],
    });
    expect(() => assertExtensionSchema(schema(URN, badge, desk))).not.toThrow();
    expect(() =>
      assertExtensionSchema(schema('urn:ietf:params:scim:schemas:extension:acme:2.0:User', badge)),
    ).not.toThrow();
  });

  it.each([
    ['no URN', schema('https://example.com', badge)],
    ['a URN that ends with a colon', schema(`${URN}:`, badge)],
    ['a core URN', schema('urn:ietf:params:scim:schemas:core:2.0:Thing', badge)],
    ['the enterprise URN', schema('urn:ietf:params:scim:schemas:extension:enterprise:2.0:USER', badge)],
    ['no attributes', schema(URN)],
    ['a name twice', schema(URN, badge, defineAttribute('BADGE', 'B.'))],
    ['a common name', schema(URN, defineAttribute('externalId', 'E.'))],
    ['a name with a dot', schema(URN, defineAttribute('a.b', 'E.'))],
    ['a prototype name', schema(URN, defineAttribute('__proto__', 'E.'))],
    ['a required attribute', schema(URN, defineAttribute('a', 'A.', { required: true }))],
    ['a complex attribute without parts', schema(URN, defineAttribute('a', 'A.', { type: 'complex' }))],
    ['a simple attribute with parts', schema(URN, defineAttribute('a', 'A.', { subAttributes: [badge] }))],
    [
      'complex parts',
      schema(
        URN,
        defineAttribute('a', 'A.', {
          type: 'complex',
          subAttributes: [defineAttribute('b', 'B.', { type: 'complex' })],
        }),
      ),
    ],
  ])('with %s is refused', (_name, declared) => {
    expect(() => assertExtensionSchema(declared)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'invalidValue' }),
    );
  });
});
