import { isJsonObject, type Json, type JsonObject, ownValue, type ResourceType, toList } from '@/lib/scim/attribute';
import { foldKey } from '@/lib/scim/fold';
import { ENTERPRISE_USER_SCHEMA, groupResourceType, userResourceType } from '@/lib/scim/schema';
import { comparableOf, SHOWN_NAME_KEY } from './comparable';
import { customAttributes } from './custom-attributes';
import type { DirectoryScope } from './types';

const USER_TYPE = userResourceType();

function text(object: JsonObject | undefined, name: string): string | null {
  const value = ownValue(object, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

function objectAt(object: JsonObject, name: string): JsonObject | undefined {
  const value = ownValue(object, name);
  return isJsonObject(value) ? value : undefined;
}

/** The element that stands for a multi-valued attribute: the primary one, else the first of type work, else the first. */
function preferred(value: Json | undefined): JsonObject | undefined {
  const elements = toList(value).filter(isJsonObject);
  return (
    elements.find((element) => element['primary'] === true) ??
    elements.find((element) => text(element, 'type')?.toLowerCase() === 'work') ??
    elements[0]
  );
}

/** The email address by which the application knows a person, or null. */
export function primaryEmailOf(doc: JsonObject): string | null {
  return text(preferred(ownValue(doc, 'emails')), 'value');
}

/** All email addresses of a person, the preferred one first. */
export function emailsOf(doc: JsonObject): string[] {
  const first = primaryEmailOf(doc);
  const all = toList(ownValue(doc, 'emails'))
    .filter(isJsonObject)
    .map((element) => text(element, 'value'))
    .filter((value) => value !== null);
  return [...new Set(first === null ? all : [first, ...all])];
}

/** What to call a person: the display name, the formatted or composed name, else the user name. */
export function displayNameOf(doc: JsonObject): string {
  const name = objectAt(doc, 'name');
  const composed = [text(name, 'givenName'), text(name, 'familyName')].filter((part) => part !== null).join(' ');
  return text(doc, 'displayName') ?? text(name, 'formatted') ?? (composed || (text(doc, 'userName') ?? ''));
}

/** The columns of a person's row, from their document. */
export function userColumns(
  doc: JsonObject,
  { userType = USER_TYPE, attributeMappings = [] }: Pick<DirectoryScope, 'userType' | 'attributeMappings'> = {},
) {
  const userName = text(doc, 'userName') ?? '';
  const primaryEmail = primaryEmailOf(doc);
  const primaryEmailKey = primaryEmail === null ? null : foldKey(primaryEmail);
  const displayName = displayNameOf(doc);
  return {
    userName,
    userNameKey: foldKey(userName),
    externalId: text(doc, 'externalId'),
    isActive: ownValue(doc, 'active') !== false,
    primaryEmail,
    primaryEmailKey,
    otherEmailKeys: otherEmailKeys(doc, primaryEmailKey),
    displayName,
    profile: { ...userProfile(doc), custom_attributes: customAttributes(doc, attributeMappings, userType) },
    comparable: userComparable(doc, displayName, userType),
  };
}

/** The folded addresses besides the preferred one, or null when there are none, as for most people. */
function otherEmailKeys(doc: JsonObject, primaryEmailKey: string | null): string[] | null {
  const keys = new Set<string>();
  for (const element of toList(ownValue(doc, 'emails'))) {
    const value = isJsonObject(element) ? ownValue(element, 'value') : undefined;
    if (typeof value === 'string') keys.add(foldKey(value));
  }
  if (primaryEmailKey !== null) keys.delete(primaryEmailKey);
  return keys.size === 0 ? null : [...keys];
}

function userComparable(doc: JsonObject, displayName: string, userType: ResourceType): JsonObject {
  const comparable = comparableOf(doc, userType);
  const shown = foldKey(displayName);
  return comparable['displayName'] === shown ? comparable : { ...comparable, [SHOWN_NAME_KEY]: shown };
}

/**
 * The part of the webhook payload of a person that comes from their document. Every key is always there, null where there is no value,
 * so that one version laid over another leaves nothing behind.
 */
export function userProfile(doc: JsonObject): Record<string, unknown> {
  const name = objectAt(doc, 'name');
  const address = preferred(ownValue(doc, 'addresses'));
  const enterprise = objectAt(doc, ENTERPRISE_USER_SCHEMA.id);
  return {
    dp_id: text(doc, 'externalId'),
    preferred_username: text(doc, 'userName'),
    email: primaryEmailOf(doc),
    active: ownValue(doc, 'active') !== false,
    name: text(name, 'formatted') ?? displayNameOf(doc),
    given_name: text(name, 'givenName'),
    family_name: text(name, 'familyName'),
    nickname: text(doc, 'nickName'),
    picture: text(preferred(ownValue(doc, 'photos')), 'value'),
    phone_number: text(preferred(ownValue(doc, 'phoneNumbers')), 'value'),
    address: {
      postal_code: text(address, 'postalCode'),
      state: text(address, 'region'),
      formatted: text(address, 'formatted'),
    },
    profile: text(doc, 'profileUrl'),
    title: text(doc, 'title'),
    user_type: text(doc, 'userType'),
    language: text(doc, 'preferredLanguage'),
    locale: text(doc, 'locale'),
    zoneinfo: text(doc, 'timezone'),
    employee_id: text(enterprise, 'employeeNumber'),
    cost_center: text(enterprise, 'costCenter'),
    organization: text(enterprise, 'organization'),
    division: text(enterprise, 'division'),
    department: text(enterprise, 'department'),
  };
}

/** The columns of a group's row, from its document. */
export function groupColumns(doc: JsonObject) {
  const displayName = text(doc, 'displayName') ?? '';
  return {
    displayName,
    displayNameKey: foldKey(displayName),
    externalId: text(doc, 'externalId'),
    comparable: comparableOf(doc, groupResourceType()),
  };
}
