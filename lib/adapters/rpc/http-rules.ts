import type { DescMethodUnary } from '@bufbuild/protobuf';
import { readOption } from './wire';
import type { WireMessage } from './wire';

/** One REST binding of a method, from its `google.api.http` option. */
export interface HttpRule {
  readonly verb: HttpVerb;
  /** Path template, such as `/api/v1/organizations/{id}` or `/api/v1/organizations/{organization_id}/directories/{id}:enable`. */
  readonly path: string;
  /** The request field that the body fills, `*` for the request itself, undefined if the call takes no body. */
  readonly body?: string;
  /** The response field that is the body, undefined for the response itself. */
  readonly responseBody?: string;
}

export type HttpVerb = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH';

const HTTP_OPTION = 72295728;
/** Field numbers of `google.api.HttpRule`. */
const VERB_FIELDS: readonly (readonly [number, HttpVerb])[] = [
  [2, 'GET'],
  [3, 'PUT'],
  [4, 'POST'],
  [5, 'DELETE'],
  [6, 'PATCH'],
];
const BODY_FIELD = 7;
const CUSTOM_FIELD = 8;
const ADDITIONAL_BINDINGS_FIELD = 11;
const RESPONSE_BODY_FIELD = 12;

/** All REST bindings of `method`, the main one first. Empty if it has none. */
export function httpRulesOf(method: DescMethodUnary): readonly HttpRule[] {
  const option = readOption(method.proto.options, HTTP_OPTION);
  if (!option) return [];
  return [option, ...option.messages(ADDITIONAL_BINDINGS_FIELD)].flatMap(readRule);
}

function readRule(rule: WireMessage): HttpRule[] {
  const body = rule.text(BODY_FIELD) || undefined;
  const responseBody = rule.text(RESPONSE_BODY_FIELD) || undefined;
  const custom = rule.message(CUSTOM_FIELD);
  if (custom) throw new Error(`The custom HTTP verb ${custom.text(1)} is not served.`);
  return VERB_FIELDS.flatMap(([no, verb]) => {
    const path = rule.text(no);
    return path === undefined ? [] : [{ verb, path, body, responseBody }];
  });
}
