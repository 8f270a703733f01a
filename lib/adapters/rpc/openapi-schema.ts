import { ScalarType } from '@bufbuild/protobuf';
import type { DescEnum, DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { fieldRulesOf } from './field-rules';
import { textOfField } from './reference/field-texts';
import type { FieldRules, NumberRules, StringRules } from './rule-types';

/** Whether a schema is for what callers send, which is held to the rules, or for what they are answered. */
export type Direction = 'request' | 'response';

/** Schemas of messages by name, collected while the document is written. */
export interface SchemaBook {
  /** The schema of a field's value, with `$ref`s into the book. */
  fieldSchema(field: DescField, direction: Direction): JsonObject;
  /** The schema of a message, as a `$ref` into the book. */
  messageSchema(message: DescMessage, direction: Direction): JsonObject;
  /** The schema of a message without some of its fields, in place. */
  objectSchema(message: DescMessage, direction: Direction, without?: ReadonlySet<string>): JsonObject;
  /** What was collected so far, by name, for `components.schemas`. */
  schemas(): JsonObject;
}

const CONTRACT_PACKAGE = 'scalekit.';
const PAGE_SIZE = 'page_size';
/** `google.protobuf.FeatureSet.FieldPresence.IMPLICIT`: absent and empty are the same, and answers hold the field always. */
const IMPLICIT_PRESENCE = 2;
const INT32_MAX = 2 ** 31 - 1;
const UINT32_MAX = 2 ** 32 - 1;
const MATCHES = /^this\.matches\('(.+)'\)$/;

const KNOWN_MESSAGES: Readonly<Record<string, JsonObject>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': { type: 'string', pattern: String.raw`^-?\d+(\.\d{1,9})?s$` },
  'google.protobuf.FieldMask': { type: 'string', description: 'Names of fields, separated by commas.' },
  'google.protobuf.Struct': { type: 'object', additionalProperties: true },
  'google.protobuf.Value': {},
  'google.protobuf.Empty': { type: 'object' },
  'google.protobuf.BoolValue': { type: 'boolean' },
  'google.protobuf.StringValue': { type: 'string' },
  'google.protobuf.Int32Value': { type: 'integer', minimum: -INT32_MAX - 1, maximum: INT32_MAX },
  'google.protobuf.UInt32Value': { type: 'integer', minimum: 0, maximum: UINT32_MAX },
};

/** An empty book. */
export function createSchemaBook(): SchemaBook {
  const names = new Map<string, string>();
  const collected = new Map<string, JsonObject>();

  const nameOf = (typeName: string, suffix: string): string => {
    const key = typeName + suffix;
    const known = names.get(key);
    if (known !== undefined) return known;
    const [short = typeName, parent = ''] = typeName.split('.').toReversed();
    const taken = new Set(names.values());
    const name = taken.has(short + suffix) ? `${parent}.${short}${suffix}` : short + suffix;
    if (taken.has(name)) throw new Error(`Two types would be called ${name} in the OpenAPI document.`);
    names.set(key, name);
    return name;
  };
  const collect = (typeName: string, suffix: string, write: () => JsonObject): JsonObject => {
    const name = nameOf(typeName, suffix);
    if (!collected.has(name)) {
      // A message may hold itself: the name is there before its schema is.
      collected.set(name, {});
      collected.set(name, write());
    }
    return { $ref: `#/components/schemas/${name}` };
  };

  const messageSchema = (message: DescMessage, direction: Direction): JsonObject => {
    const known = KNOWN_MESSAGES[message.typeName];
    if (known) return { ...known };
    if (!message.typeName.startsWith(CONTRACT_PACKAGE)) throw new Error(`${message.typeName} has no schema yet.`);
    // A message that is both sent and answered has a schema for each.
    const suffix = direction === 'request' && !message.typeName.endsWith('Request') ? 'Input' : '';
    return collect(message.typeName, suffix, () => objectSchema(message, direction));
  };
  const enumSchema = (type: DescEnum): JsonObject =>
    collect(type.typeName, '', () => ({ type: 'string', enum: type.values.map(({ name }) => name) }));

  const singleSchema = (field: DescField, rules: FieldRules, direction: Direction): JsonObject => {
    if (field.enum) return narrowEnum(field.enum, rules, enumSchema);
    if (field.message) return { ...messageSchema(field.message, direction), ...keywordsOf(rules) };
    return { ...scalarSchema(field.scalar, direction), ...keywordsOf(rules) };
  };
  const fieldSchema = (field: DescField, direction: Direction): JsonObject => {
    const rules = (direction === 'request' && fieldRulesOf(field)) || {};
    if (direction === 'request' && field.name === PAGE_SIZE) return pageSizeSchema(rules);
    if (field.fieldKind === 'list') {
      return {
        type: 'array',
        items: singleSchema(field, { enum: rules.enum, ...rules.list?.items }, direction),
        ...defined({ minItems: rules.list?.minItems, maxItems: rules.list?.maxItems }),
        ...(rules.list?.isUnique && { uniqueItems: true }),
      };
    }
    if (field.fieldKind === 'map') {
      return {
        type: 'object',
        additionalProperties: singleSchema(field, rules.map?.values ?? {}, direction),
        ...(rules.map?.keys && { propertyNames: keywordsOf(rules.map.keys) }),
        ...defined({ minProperties: rules.map?.minPairs, maxProperties: rules.map?.maxPairs }),
      };
    }
    const schema = singleSchema(field, rules, direction);
    const isEmptyAllowed = rules.ignoresEmpty && field.scalar === ScalarType.STRING;
    return isEmptyAllowed && Object.keys(schema).length > 1 ? { anyOf: [{ const: '' }, schema] } : schema;
  };
  const objectSchema = (
    message: DescMessage,
    direction: Direction,
    without: ReadonlySet<string> = new Set(),
  ): JsonObject => {
    const fields = message.fields.filter(({ name }) => !without.has(name));
    const required = fields.filter((field) => (direction === 'request' ? isNeeded(field) : isAlwaysThere(field)));
    return {
      type: 'object',
      properties: Object.fromEntries(
        fields.map((field) => [field.name, describeField(fieldSchema(field, direction), field)]),
      ),
      ...(required.length > 0 && { required: required.map(({ name }) => name) }),
      ...(direction === 'request' && { additionalProperties: false }),
    };
  };

  return {
    fieldSchema,
    messageSchema,
    objectSchema,
    schemas: () => Object.fromEntries([...collected].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Whether a request is refused without `field`, because its rules demand it or do not allow it to be empty. */
export function isNeeded(field: DescField): boolean {
  const rules = fieldRulesOf(field);
  if (!rules || field.name === PAGE_SIZE) return false;
  if (rules.isRequired) return true;
  if (field.presence !== IMPLICIT_PRESENCE || rules.ignoresEmpty) return false;
  const { string, list, map, number, enum: choice } = rules;
  return (
    (string?.minLength ?? 0) > 0 ||
    (string?.prefix ?? '') !== '' ||
    (string?.pattern !== undefined && !new RegExp(string.pattern, 'u').test('')) ||
    (list?.minItems ?? 0) > 0 ||
    (map?.minPairs ?? 0) > 0 ||
    (number?.gt ?? -1) >= 0 ||
    (number?.gte ?? 0) > 0 ||
    (field.fieldKind === 'enum' && choice?.in !== undefined && !choice.in.includes(0))
  );
}

/** `schema` with what the field is, in front of what the schema itself has to say. */
export function describeField(schema: JsonObject, field: DescField): JsonObject {
  const texts = [textOfField(field), schema['description']].filter((text) => typeof text === 'string');
  return texts.length > 0 ? { ...schema, description: texts.join(' ') } : schema;
}

function isAlwaysThere(field: DescField): boolean {
  return field.presence === IMPLICIT_PRESENCE;
}

function pageSizeSchema(rules: FieldRules): JsonObject {
  const most = rules.number?.lte;
  const description = most === undefined ? undefined : `Lowered to ${most} if larger.`;
  return defined({ type: 'integer', minimum: 0, description });
}

function narrowEnum(type: DescEnum, rules: FieldRules, refer: (type: DescEnum) => JsonObject): JsonObject {
  if (rules.enum?.isDefinedOnly === false) return { type: 'string', examples: type.values.map(({ name }) => name) };
  const allowed = rules.enum?.in;
  if (!allowed) return refer(type);
  return { type: 'string', enum: type.values.filter(({ number }) => allowed.includes(number)).map(({ name }) => name) };
}

function scalarSchema(scalar: ScalarType | undefined, direction: Direction): JsonObject {
  switch (scalar) {
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return { type: 'integer', minimum: -INT32_MAX - 1, maximum: INT32_MAX };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { type: 'integer', minimum: 0, maximum: UINT32_MAX };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number' };
    default: {
      // A whole number of 64 bits does not fit a JSON number everywhere, so it is written as a string.
      const text: JsonObject = { type: 'string', pattern: String.raw`^-?\d+$` };
      return direction === 'response' ? text : { anyOf: [text, { type: 'integer' }] };
    }
  }
}

function keywordsOf(rules: FieldRules): JsonObject {
  const expression = rules.expressions?.map((rule) => MATCHES.exec(rule.expression)?.[1]).find(Boolean);
  return {
    ...(rules.string && stringKeywords(rules.string)),
    ...(rules.number && numberKeywords(rules.number)),
    ...defined({ pattern: rules.string?.pattern ?? expression }),
  };
}

function stringKeywords(rules: StringRules): JsonObject {
  const { minLength, maxLength, prefix } = rules;
  return defined({
    minLength: minLength || undefined,
    maxLength,
    pattern: prefix && `^${prefix.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`,
    enum: rules.in && [...rules.in],
    format: rules.isEmail ? 'email' : rules.isUri ? 'uri' : undefined,
  });
}

function numberKeywords({ lt, lte, gt, gte }: NumberRules): JsonObject {
  return defined({ exclusiveMaximum: lt, maximum: lte, exclusiveMinimum: gt, minimum: gte });
}

function defined(values: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}
