/*
 * Every way in which this service accepts more than the RFCs ask for, each as a function with its evidence. All of them
 * are always on: they do not contradict each other, and people pick "Custom" and then connect Entra.
 *
 * Evidence is graded: D the provider's own document, L a published log or payload, R another implementer's report.
 */
import type { Attribute, AttributeType, Json, JsonObject } from './attribute';
import { isJsonObject } from './attribute';
import { isExtensionUrn } from './extension';
import { foldKey } from './fold';
import type { Filter } from './syntax';

const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/**
 * Operation names in any case: Entra sends `Add`, `Replace` and `Remove`. Undefined for anything else.
 * D: Microsoft Learn, use-scim-to-provision-users-and-groups; R: ssoready/ssoready#182.
 */
export function readOperationName(value: unknown): 'add' | 'replace' | 'remove' | undefined {
  if (typeof value !== 'string') return undefined;
  const name = value.trim().toLowerCase();
  return name === 'add' || name === 'replace' || name === 'remove' ? name : undefined;
}

/**
 * Booleans as text in any case: Entra deactivates with `"value": "False"`, OneLogin templates give `"active": "true"`.
 * Undefined when the value is neither a boolean nor such a text.
 * D: Microsoft Learn, application-provisioning-config-problem-scim-compatibility; D: OneLogin KB0013904;
 * R: thomaspoignant/scim-patch#872, scimmyjs/scimmy#51.
 */
export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

/**
 * Numbers as text, which text templates such as OneLogin's produce for numeric extension attributes. Undefined when the
 * value is not a finite number. D: OneLogin KB0013904 (the body is a template of quoted macros).
 */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^\s*-?\d+(\.\d+)?([eE][+-]?\d+)?\s*$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/**
 * Numbers and booleans without quotes where a filter compares a string attribute (`externalId eq 4711`): the literal is
 * taken as its own text. R: langwatch/tasks#616 (Entra sends unquoted values).
 */
export function literalAsText(source: string): string {
  return source;
}

/**
 * An empty text where a boolean, number, date, reference or binary belongs is taken as absent: Okta sends empty strings
 * for optional attributes that have no value. In a string attribute it is a value and is kept. R (weak).
 */
export function isAbsentText(type: AttributeType, value: Json): boolean {
  return value === '' && type !== 'string' && type !== 'complex';
}

/**
 * A list where a single value belongs: `[true]`, or Entra's `manager` as `[{"$ref": …, "value": …}]`. Returns the one
 * element, undefined for an empty list, and null when the list has several, which has no single meaning.
 * D: Microsoft Learn, use-scim-to-provision-users-and-groups (sample code part); R: SCIM-SDK#686.
 */
export function unwrapSingleElement(list: readonly Json[]): { readonly value: Json | undefined } | null {
  return list.length > 1 ? null : { value: list[0] };
}

/**
 * `{"$ref": null, "value": x}` where a simple value belongs: the shape in which Entra's older jobs wrap every value of a
 * PATCH. Returns x, or undefined when the object has no `value`.
 * D: Microsoft Learn, application-provisioning-config-problem-scim-compatibility (AzureAdScimPatch2017).
 */
export function unwrapValueObject(object: JsonObject): { readonly value: Json } | undefined {
  for (const [name, value] of Object.entries(object)) {
    if (name.toLowerCase() === 'value') return { value };
  }
  return undefined;
}

/**
 * A bare text where an object with `value` belongs: Entra sets `manager` to a string, some clients list e-mail addresses
 * or member ids as plain texts. D: Microsoft Learn; R: MicrosoftDocs/azure-docs#11784, directory-scimple#1242.
 */
export function wrapBareValue(value: Json): JsonObject {
  return { value };
}

/**
 * Sub-attribute names from before the RFCs: OneLogin's template has `manager.managerId`. L: keepnet guide.
 */
export function canonicalSubAttributeName(attribute: Attribute, name: string): string {
  return attribute.name === 'manager' && name.toLowerCase() === 'managerid' ? 'value' : name;
}

/**
 * An object whose `value` is empty refers to nothing: `manager` as "" or `{"value": ""}` clears the manager.
 * R: SCIM-SDK#686, azure-docs#11784.
 */
export function isClearedReference(attribute: Attribute, value: JsonObject): boolean {
  return attribute.name === 'manager' && (value['value'] === '' || value['value'] === undefined);
}

/**
 * Schema URNs from before the RFCs, in `schemas`, as member names and in paths. Returns the text with the URN of today.
 * L: goauthentik/authentik#11249 (OneLogin: `urn:scim:schemas:core:2.0`, `urn:scim:schemas:extension:enterprise:2.0`).
 */
export function canonicalSchemaUrn(text: string, coreUrn: string): string {
  const match = /^urn:scim:schemas:(core|extension:enterprise):[12]\.0(?::(?:User|Group)(?![^:]))?/i.exec(text);
  if (match === null) return text;
  const urn = match[1]?.toLowerCase() === 'core' ? coreUrn : ENTERPRISE_URN;
  return urn + text.slice(match[0].length);
}

/**
 * Schemas that say nothing to this service and are accepted in `schemas`, such as Entra's
 * `http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group` on a group. Only a core schema of another
 * resource type is a mistake worth an error. D: Microsoft Learn, use-scim-to-provision-users-and-groups.
 */
export function isMisplacedSchema(urn: string, coreUrn: string): boolean {
  const key = canonicalSchemaUrn(urn, coreUrn).toLowerCase();
  return key.startsWith('urn:ietf:params:scim:schemas:core:2.0:') && key !== coreUrn.toLowerCase();
}

/**
 * Attributes of an extension that nobody declared are kept as they were sent: admins map attributes of their own, such as
 * `urn:ietf:params:scim:schemas:extension:acme:2.0:User:badge`, without telling the application. To refuse one would hold
 * up everything else that is said of the person, a deactivation too; to drop it would be a success without effect.
 * D: Microsoft Learn, customize-application-attributes (extension attributes of custom SCIM applications);
 * R: zulip/zulip#39773, goauthentik/authentik#24173.
 */
export function isKeptUndeclared(urn: string): boolean {
  return isExtensionUrn(urn);
}

/**
 * `{"$ref": null, "value": x}`, alone or in a list of one, where nothing is known of the attribute: only Entra's wrapping of a
 * simple value looks like that. Returns x, and any other value as it is.
 * D: Microsoft Learn, application-provisioning-config-problem-scim-compatibility (AzureAdScimPatch2017).
 */
export function unwrapNullReference(value: Json): Json {
  const object = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (!isJsonObject(object) || object['$ref'] !== null || Object.keys(object).length !== 2) return value;
  return object['value'] ?? value;
}

/**
 * `email` in a filter means `emails`: PingFederate documents `email Co "%s"`. Undefined when there is no such alias.
 * D: PingFederate SCIM Provisioner, p1_scim_filter_expressions.
 */
export function filterAttributeAlias(name: string): string | undefined {
  return name.toLowerCase() === 'email' ? 'emails' : undefined;
}

/**
 * Attributes that belong to the service and may still stand in a path-less PATCH value, where they are ignored: Okta
 * renames a group with `{"id": …, "displayName": …}`. D: developer.okta.com, SCIM 2.0; R: langwatch/langwatch#7131.
 */
export function isToleratedReadOnly(name: string): boolean {
  return name === 'id' || name === 'meta' || name === 'groups' || name === 'schemas';
}

/**
 * A password is accepted and dropped: Okta sends a placeholder on create even when password sync is off. It is never
 * stored, logged or returned. D: developer.okta.com, SCIM 2.0.
 */
export function isDiscarded(name: string): boolean {
  return name === 'password';
}

/**
 * A PATCH without operations changes nothing and succeeds: Microsoft's validator sends one first.
 * R: AzureAD/SCIMReferenceCode#112.
 */
export function isEmptyPatchAccepted(): boolean {
  return true;
}

/**
 * What a new element must contain to match a filter: the equalities of a conjunction. So
 * `emails[type eq "work"].value` can create the work e-mail when there is none, as Entra expects, also with
 * `roles[primary eq "True"]`. Undefined when the filter says more than that, or fixes `value` itself: replacing a value
 * that is not there has no target (RFC 7644 §3.5.2.3).
 * D: Microsoft Learn; R: thomaspoignant/scim-patch#176, MicrosoftDocs/entra-docs#391.
 */
export function pinnedByFilter(filter: Filter): JsonObject | undefined {
  if (filter.kind === 'and') {
    const pins: JsonObject = {};
    for (const part of filter.filters) {
      const partPins = pinnedByFilter(part);
      if (partPins === undefined) return undefined;
      for (const [name, value] of Object.entries(partPins)) {
        if (Object.hasOwn(pins, name) && pins[name] !== value) return undefined;
        pins[name] = value;
      }
    }
    return pins;
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return undefined;
  const sub = filter.path.subAttribute;
  if (sub === undefined || sub.mutability === 'readOnly' || sub.name === 'value' || sub.name === '$ref')
    return undefined;
  return { [sub.name]: filter.value };
}

/**
 * Entra's default removal names what to remove in `value`: `{"op": "Remove", "path": "members", "value": [{"value":
 * "id"}]}`. True when the stored element is one that the list names: the same `value`, and the same `type` where the
 * list gives one; elements without `value` must agree in everything that the list gives.
 * D: Microsoft Learn; R: AzureAD/SCIMReferenceCode#10, simpleidserver/SimpleIdServer#164, vouch-sh/vouch#1415.
 */
export function isNamedForRemoval(attribute: Attribute, element: Json, named: Json): boolean {
  if (!isJsonObject(element) || !isJsonObject(named)) return isSameText(attribute, element, named);
  const given = attribute.subAttributes ?? [];
  const compared = Object.hasOwn(named, 'value')
    ? given.filter((sub) => sub.name === 'value' || sub.name === 'type')
    : given;
  return compared.every(
    (sub) => !Object.hasOwn(named, sub.name) || isSameText(sub, element[sub.name], named[sub.name]),
  );
}

function isSameText(attribute: Attribute, left: Json | undefined, right: Json | undefined): boolean {
  if (typeof left !== 'string' || typeof right !== 'string' || attribute.caseExact) return left === right;
  return foldKey(left) === foldKey(right);
}

/**
 * A member given only by its address (`$ref`): the id is the last segment. RFC 7643 §2.4 gives `value` and `$ref` the
 * same meaning. Undefined when the text has no segment.
 */
export function memberIdFromReference(reference: string): string | undefined {
  const path = reference.split(/[?#]/, 1)[0] ?? '';
  const segment = path.split('/').findLast((part) => part !== '');
  if (segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * The feature flag that Entra admins type into the URL field can leave the resource path inside the query string:
 * `/scim/v2/dir_1?aadOptscim062020/Users?filter=…`. Returns the request target with the path where it belongs; any other
 * target unchanged. Not confirmed by a log: must not break.
 */
export function liftPathOutOfQuery(target: string): string {
  const match = /^([^?]*)\?(?:aadOptscim062020|AzureAdScimPatch2017)(\/[^?&]*)?(?:[?&](.*))?$/i.exec(target);
  if (match === null || match[2] === undefined) return target;
  const path = `${(match[1] ?? '').replace(/\/$/, '')}${match[2]}`;
  return match[3] === undefined || match[3] === '' ? path : `${path}?${match[3]}`;
}

/**
 * `application/scim+json` and `application/json` with any parameters, and no header at all, count as JSON. L: OneLogin
 * sends `application/json` (goauthentik/authentik#11249); D: Okta's SPEC-Test.json uses both.
 */
export function isAcceptedMediaType(contentType: string | null | undefined): boolean {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type === '' || type === 'application/scim+json' || type === 'application/json';
}
