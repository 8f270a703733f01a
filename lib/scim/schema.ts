import type { Attribute, ResourceType, Schema } from './attribute';

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_USER_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Values that are looked up through an index stay well under the size that an index row may have. */
export const MAX_KEY_LENGTH_BYTES = 1024;

/** An attribute from its differences to the defaults of RFC 7643 §2.2, with references and binaries case exact. */
export function defineAttribute(
  name: string,
  description: string,
  characteristics: Partial<Omit<Attribute, 'name' | 'description'>> = {},
): Attribute {
  const type = characteristics.type ?? 'string';
  return {
    name,
    type,
    multiValued: false,
    description,
    required: false,
    caseExact: type === 'reference' || type === 'binary',
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...characteristics,
  };
}

const primary = (of: string): Attribute =>
  defineAttribute('primary', `True for the preferred ${of}; at most one is.`, { type: 'boolean' });

const label = defineAttribute('display', 'A name for people to read.');

/** A multi-valued complex attribute with value, display, type and primary (RFC 7643 §2.4). */
function definePlural(
  name: string,
  description: string,
  of: string,
  options: { canonicalTypes?: readonly string[]; value?: Partial<Attribute> } = {},
): Attribute {
  return defineAttribute(name, description, {
    type: 'complex',
    multiValued: true,
    subAttributes: [
      defineAttribute('value', `The ${of}.`, options.value),
      label,
      defineAttribute(
        'type',
        `What the ${of} is for.`,
        options.canonicalTypes === undefined ? {} : { canonicalValues: options.canonicalTypes },
      ),
      primary(of),
    ],
  });
}

/** Attributes that every resource has (RFC 7643 §3.1). They belong to no schema and are not listed in discovery. */
export const COMMON_ATTRIBUTES: readonly Attribute[] = [
  defineAttribute('schemas', 'URNs of the schemas of this resource.', {
    type: 'reference',
    referenceTypes: ['uri'],
    multiValued: true,
    mutability: 'readOnly',
    returned: 'always',
  }),
  defineAttribute('id', 'The identifier that this service gave to the resource.', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  defineAttribute('externalId', 'The identifier that the provisioning client gave to the resource.', {
    caseExact: true,
    maxLengthBytes: MAX_KEY_LENGTH_BYTES,
  }),
  defineAttribute('meta', 'Facts about the resource itself.', {
    type: 'complex',
    mutability: 'readOnly',
    subAttributes: [
      defineAttribute('resourceType', 'The name of the resource type.', { caseExact: true, mutability: 'readOnly' }),
      defineAttribute('created', 'When the resource was created.', { type: 'dateTime', mutability: 'readOnly' }),
      defineAttribute('lastModified', 'When the resource last changed.', { type: 'dateTime', mutability: 'readOnly' }),
      defineAttribute('location', 'The address of the resource.', {
        type: 'reference',
        referenceTypes: ['uri'],
        mutability: 'readOnly',
      }),
      defineAttribute('version', 'The entity tag of the resource.', { caseExact: true, mutability: 'readOnly' }),
    ],
  }),
];

const CONTACT_TYPES = ['work', 'home', 'other'];

/** The core User schema (RFC 7643 §4.1). */
export const USER_SCHEMA: Schema = {
  id: USER_URN,
  name: 'User',
  description: 'User Account',
  attributes: [
    defineAttribute('userName', 'The name by which the person signs in. Unique without regard to case.', {
      required: true,
      uniqueness: 'server',
      maxLengthBytes: MAX_KEY_LENGTH_BYTES,
    }),
    defineAttribute('name', "The parts of the person's name.", {
      type: 'complex',
      subAttributes: [
        defineAttribute('formatted', 'The full name, ready to be shown.'),
        defineAttribute('familyName', 'The family name, or last name.'),
        defineAttribute('givenName', 'The given name, or first name.'),
        defineAttribute('middleName', 'The middle names.'),
        defineAttribute('honorificPrefix', 'A title before the name, such as "Dr.".'),
        defineAttribute('honorificSuffix', 'A suffix after the name, such as "III".'),
      ],
    }),
    defineAttribute('displayName', 'The name to show for the person.'),
    defineAttribute('nickName', 'The casual way to address the person.'),
    defineAttribute('profileUrl', "The address of the person's online profile.", {
      type: 'reference',
      referenceTypes: ['external'],
    }),
    defineAttribute('title', 'The job title.'),
    defineAttribute('userType', 'The relation to the organization, such as "Employee" or "Contractor".'),
    defineAttribute('preferredLanguage', 'Languages in the form of an Accept-Language header.'),
    defineAttribute('locale', 'The language tag that decides on currency, dates and numbers.'),
    defineAttribute('timezone', 'The time zone in the form "America/Los_Angeles".'),
    defineAttribute('active', 'False when the person may not use the application.', { type: 'boolean' }),
    defineAttribute('password', 'Accepted and discarded; this service keeps no passwords.', {
      caseExact: true,
      mutability: 'writeOnly',
      returned: 'never',
    }),
    definePlural('emails', 'E-mail addresses.', 'e-mail address', {
      canonicalTypes: CONTACT_TYPES,
      value: { maxLengthBytes: MAX_KEY_LENGTH_BYTES },
    }),
    definePlural('phoneNumbers', 'Phone numbers, as they were sent.', 'phone number', {
      canonicalTypes: ['work', 'home', 'mobile', 'fax', 'pager', 'other'],
    }),
    definePlural('ims', 'Instant messaging addresses.', 'instant messaging address', {
      canonicalTypes: ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'],
    }),
    definePlural('photos', 'Addresses of pictures of the person.', 'picture address', {
      canonicalTypes: ['photo', 'thumbnail'],
      value: { type: 'reference', referenceTypes: ['external'], caseExact: true },
    }),
    defineAttribute('addresses', 'Postal addresses.', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        defineAttribute('formatted', 'The whole address, ready to be printed.'),
        defineAttribute('streetAddress', 'Street, house number and so on; may have several lines.'),
        defineAttribute('locality', 'The city or locality.'),
        defineAttribute('region', 'The state or region.'),
        defineAttribute('postalCode', 'The postal code.'),
        defineAttribute('country', 'The country as an ISO 3166-1 alpha-2 code.'),
        defineAttribute('type', 'What the address is for.', { canonicalValues: CONTACT_TYPES }),
        primary('address'),
      ],
    }),
    defineAttribute('groups', 'The groups that the person belongs to. Change them through the groups.', {
      type: 'complex',
      multiValued: true,
      mutability: 'readOnly',
      subAttributes: [
        defineAttribute('value', 'The id of the group.', { caseExact: true, mutability: 'readOnly' }),
        defineAttribute('$ref', 'The address of the group.', {
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          mutability: 'readOnly',
        }),
        defineAttribute('display', 'The name of the group.', { mutability: 'readOnly' }),
        defineAttribute('type', 'Whether the membership is direct or through another group.', {
          canonicalValues: ['direct', 'indirect'],
          mutability: 'readOnly',
        }),
      ],
    }),
    definePlural('entitlements', 'What the person is entitled to.', 'entitlement'),
    definePlural('roles', "The person's roles.", 'role'),
    definePlural('x509Certificates', 'Certificates, DER in base64.', 'certificate', {
      value: { type: 'binary', caseExact: true },
    }),
  ],
};

/** The enterprise extension of User (RFC 7643 §4.3). */
export const ENTERPRISE_USER_SCHEMA: Schema = {
  id: ENTERPRISE_USER_URN,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    defineAttribute('employeeNumber', 'The number by which the organization knows the person.'),
    defineAttribute('costCenter', 'The cost center.'),
    defineAttribute('organization', 'The organization.'),
    defineAttribute('division', 'The division.'),
    defineAttribute('department', 'The department.'),
    defineAttribute('manager', "The person's manager.", {
      type: 'complex',
      subAttributes: [
        defineAttribute('value', 'The id of the manager.', { caseExact: true }),
        defineAttribute('$ref', 'The address of the manager.', { type: 'reference', referenceTypes: ['User'] }),
        defineAttribute('displayName', 'The name of the manager.', { mutability: 'readOnly' }),
      ],
    }),
  ],
};

/** The core Group schema (RFC 7643 §4.2). */
export const GROUP_SCHEMA: Schema = {
  id: GROUP_URN,
  name: 'Group',
  description: 'Group',
  attributes: [
    defineAttribute('displayName', 'The name of the group. Unique without regard to case.', {
      required: true,
      uniqueness: 'server',
      maxLengthBytes: MAX_KEY_LENGTH_BYTES,
    }),
    defineAttribute('members', 'The members of the group.', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        defineAttribute('value', 'The id of the member.', {
          caseExact: true,
          mutability: 'immutable',
          maxLengthBytes: MAX_KEY_LENGTH_BYTES,
        }),
        defineAttribute('$ref', 'The address of the member.', {
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          mutability: 'immutable',
        }),
        defineAttribute('type', 'Whether the member is a user or a group.', {
          canonicalValues: ['User', 'Group'],
          mutability: 'immutable',
        }),
        defineAttribute('display', 'The name of the member.', { mutability: 'readOnly' }),
      ],
    }),
  ],
};

/**
 * The User resource type, with the enterprise extension and the custom extensions of one directory. Keep the result:
 * lookups are cached per object.
 */
export function userResourceType(customExtensions: readonly Schema[] = []): ResourceType {
  return {
    id: 'User',
    name: 'User',
    description: 'User Account',
    endpoint: '/Users',
    schema: USER_SCHEMA,
    extensions: [
      { schema: ENTERPRISE_USER_SCHEMA, required: false },
      ...customExtensions.map((schema) => ({ schema, required: false })),
    ],
  };
}

const GROUP_RESOURCE_TYPE: ResourceType = {
  id: 'Group',
  name: 'Group',
  description: 'Group',
  endpoint: '/Groups',
  schema: GROUP_SCHEMA,
  extensions: [],
};

/** The Group resource type. Always the same object. */
export function groupResourceType(): ResourceType {
  return GROUP_RESOURCE_TYPE;
}
