import { ScalarType, fromJson } from '@bufbuild/protobuf';
import type { DescField, DescMessage, JsonObject, JsonValue, Message } from '@bufbuild/protobuf';
import { AppError } from '@/lib/core/error';
import type { FieldViolation } from '@/lib/core/error';

const CONTRACT_PACKAGE = 'scalekit.';
const INTEGERS: ReadonlySet<ScalarType> = new Set([
  ScalarType.INT32,
  ScalarType.UINT32,
  ScalarType.SINT32,
  ScalarType.FIXED32,
  ScalarType.SFIXED32,
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);
const KNOWN_MESSAGES: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': 'a time in RFC 3339 form, such as 2025-01-31T09:30:00Z',
  'google.protobuf.Duration': 'a duration in seconds, such as 90s',
  'google.protobuf.FieldMask': 'a comma-separated list of field names',
  'google.protobuf.BoolValue': 'true or false',
  'google.protobuf.StringValue': 'a string',
  'google.protobuf.Int32Value': 'a whole number',
  'google.protobuf.UInt32Value': 'a whole number',
};

/** Finds a field by its name in the contract or in JSON: `page_size` or `pageSize`. */
export function findField(schema: DescMessage, name: string): DescField | undefined {
  return schema.fields.find((field) => field.name === name || field.jsonName === name);
}

/**
 * Reads a request message from JSON with field names in either case. Throws `invalid_argument` that names the first field
 * that is unknown or of the wrong kind.
 */
export function readRequest(schema: DescMessage, json: JsonObject): Message {
  try {
    return fromJson(schema, json);
  } catch (error) {
    const violation = locateViolation(schema, json, '');
    if (!violation) {
      throw new AppError('invalid_argument', 'The request could not be decoded.', { cause: error });
    }
    throw new AppError('invalid_argument', violation.description, { fieldViolations: [violation] });
  }
}

function locateViolation(schema: DescMessage, json: JsonObject, prefix: string): FieldViolation | undefined {
  for (const [key, value] of Object.entries(json)) {
    const field = findField(schema, key);
    if (!field) return unknownField(prefix + key);
    const path = prefix + field.name;
    const violation = locateNested(field, value, path);
    if (violation) return violation;
    try {
      fromJson(schema, { [key]: value });
    } catch {
      return { field: path, description: `${path} must be ${describeKind(field)}.`, constraint: 'kind' };
    }
  }
  return undefined;
}

function locateNested(field: DescField, value: JsonValue, path: string): FieldViolation | undefined {
  if (!field.message?.typeName.startsWith(CONTRACT_PACKAGE)) return undefined;
  if (field.fieldKind === 'message')
    return isObject(value) ? locateViolation(field.message, value, `${path}.`) : undefined;
  if (field.fieldKind !== 'list' || !Array.isArray(value)) return undefined;
  for (const [at, item] of value.entries()) {
    const violation = isObject(item) ? locateViolation(field.message, item, `${path}[${at}].`) : undefined;
    if (violation) return violation;
  }
  return undefined;
}

/** Whether `value` is a JSON object, not a list or null. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The violation of naming a field that a request does not have. */
export function unknownField(path: string): FieldViolation {
  return { field: path, description: `${path} is not a field of this request.`, constraint: 'unknown' };
}

function describeKind(field: DescField): string {
  if (field.fieldKind === 'map') return 'an object of names and values';
  const kind = describeSingle(field);
  return field.fieldKind === 'list' ? `a list, each item ${kind}` : kind;
}

function describeSingle(field: DescField): string {
  if (field.enum) return `one of ${field.enum.values.map(({ name }) => name).join(', ')}`;
  if (field.message) return KNOWN_MESSAGES[field.message.typeName] ?? 'an object';
  if (field.scalar === ScalarType.BOOL) return 'true or false';
  if (field.scalar !== undefined && INTEGERS.has(field.scalar)) return 'a whole number in range';
  if (field.scalar === ScalarType.BYTES) return 'a base64 string';
  return field.scalar === ScalarType.STRING ? 'a string' : 'a number';
}

/** The field that a decoder's message blames, for the protocols whose JSON is decoded before we see it. */
export function violationOf(message: string): FieldViolation | undefined {
  const unknown = /key "([\w.-]{1,100})" is unknown$/.exec(message)?.[1];
  if (unknown !== undefined) return unknownField(unknown);
  const field = /cannot decode field [\w.]*?(\w+) from JSON/.exec(message)?.[1];
  return field === undefined
    ? undefined
    : { field, description: `${field} has a value of the wrong kind.`, constraint: 'kind' };
}
