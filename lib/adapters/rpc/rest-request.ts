import { ScalarType } from '@bufbuild/protobuf';
import type { DescEnum, DescField, DescMessage, JsonObject, JsonValue, Message } from '@bufbuild/protobuf';
import { AppError, invalidField } from '@/lib/core/error';
import { rpcPathOf } from './descriptors';
import { findField, isObject, readRequest, unknownField } from './json-request';
import type { RestRoute } from './rest-routes';

/** Methods whose `features` may name features that we do not know: those are left out. */
const TOLERANT_OF_FEATURES = '/scalekit.v1.organizations.OrganizationService/GeneratePortalLink';
/** Names under which the vendor's own pages know a feature. */
const FEATURE_ALIASES: Readonly<Record<string, string>> = {
  directory_sync: 'dir_sync',
  scim: 'dir_sync',
  // The contract's enum has no name for it; `link-features.ts` knows the number.
  domain_verification: '3',
};

/**
 * The request message of a REST call: the body where the route's rule puts it, then the query, then the path.
 * A body that the rule does not foresee is read as fields of the request, so that it is obeyed or refused, never ignored.
 * Throws `invalid_argument` that names the field.
 * @param body the decoded JSON body, undefined if there was none
 */
export function buildRequest(
  route: RestRoute,
  values: Readonly<Record<string, string>>,
  query: URLSearchParams,
  body: JsonValue | undefined,
): Message {
  const schema = route.method.input;
  // Without a prototype, a body's "__proto__" is a field that there is not, like any other.
  const json = Object.create(null) as JsonObject;
  readBody(route, body, json);
  readQuery(schema, query, json);
  for (const [name, value] of Object.entries(values)) {
    const field = findField(schema, name);
    if (!field) continue;
    delete json[field.jsonName];
    json[field.name] = value;
  }
  if (rpcPathOf(route.method) === TOLERANT_OF_FEATURES) keepKnownFeatures(schema, json);
  return readRequest(schema, json);
}

function readBody(route: RestRoute, body: JsonValue | undefined, json: JsonObject): void {
  if (body === undefined) return;
  const selector = route.rule.body;
  if (selector !== undefined && selector !== '*') {
    json[selector] = body;
    return;
  }
  if (!isObject(body)) throw new AppError('invalid_argument', 'The body must be a JSON object.');
  Object.assign(json, body);
}

function readQuery(schema: DescMessage, query: URLSearchParams, json: JsonObject): void {
  for (const key of new Set(query.keys())) {
    let at = schema;
    let target = json;
    const names = key.split('.');
    for (const [depth, name] of names.entries()) {
      const field = findField(at, name);
      if (!field) throw unknownParameter(key);
      if (depth === names.length - 1) {
        target[field.name] = readParameter(field, key, query.getAll(key));
      } else {
        if (field.fieldKind !== 'message' || !field.message.typeName.startsWith('scalekit.'))
          throw unknownParameter(key);
        const inner = target[field.name];
        const next: JsonObject = isObject(inner) ? inner : {};
        target[field.name] = next;
        target = next;
        at = field.message;
      }
    }
  }
}

function unknownParameter(key: string): AppError {
  const violation = unknownField(key);
  return new AppError('invalid_argument', violation.description, { fieldViolations: [violation] });
}

function readParameter(field: DescField, key: string, texts: readonly string[]): JsonValue {
  if (field.fieldKind === 'list') return texts.map((text) => readText(field, text));
  const [text = '', ...others] = texts;
  if (others.length > 0) throw invalidField(key, `${key} may be given once only.`);
  if (field.fieldKind === 'map') throw invalidField(key, `${key} can be given in a body only.`);
  return readText(field, text);
}

function readText(field: DescField, text: string): JsonValue {
  if (field.enum) return readEnum(field.enum, text);
  const isBoolean = field.scalar === ScalarType.BOOL || field.message?.typeName === 'google.protobuf.BoolValue';
  if (isBoolean && /^(true|1)$/i.test(text)) return true;
  if (isBoolean && /^(false|0)$/i.test(text)) return false;
  // A "+" that was not percent-encoded arrives as a space: 2025-01-31T09:30:00 01:00.
  if (field.message?.typeName === 'google.protobuf.Timestamp') return text.replace(/ (?=\d\d:\d\d$)/, '+');
  return text;
}

/** The proper name of an enum value given by name in any case, or by number; else `text`, which is then refused. */
function readEnum(type: DescEnum, text: string): JsonValue {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return type.values.find(({ name }) => name.toLowerCase() === text.toLowerCase())?.name ?? text;
}

function keepKnownFeatures(schema: DescMessage, json: JsonObject): void {
  const type = findField(schema, 'features')?.enum;
  const features = json['features'];
  if (!type || !Array.isArray(features)) return;
  json['features'] = features.flatMap((feature) => {
    if (typeof feature !== 'string') return [feature];
    const named = readEnum(type, FEATURE_ALIASES[feature.toLowerCase()] ?? feature);
    return typeof named === 'number' || type.values.some(({ name }) => named === name) ? [named] : [];
  });
}
