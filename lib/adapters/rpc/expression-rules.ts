import type { CelRule } from './rule-types';

type Fields = Readonly<Record<string, unknown>>;

const PROVIDER_SCALEKIT = 15;
const TYPE_WEBAUTHN = 9;
const TYPES_NOT_SUPPORTED: readonly unknown[] = [4, 5, TYPE_WEBAUTHN];
const PERMISSION_NAME = /^[a-zA-Z0-9_:]+$/;

/**
 * The conditions of the contract, by their text. They are few and fixed, so each is written out here: an evaluator of the
 * whole expression language would be larger than this adapter.
 */
const MEANINGS: Readonly<Record<string, (value: unknown) => boolean>> = {
  'has(this.provider_key) || this.provider != 0': onFields((it) => isSet(it['providerKey']) || it['provider'] !== 0),
  "this.provider == 15 ? this.provider_key in ['SCALEKIT'] : true": onFields(
    (it) => it['provider'] !== PROVIDER_SCALEKIT || it['providerKey'] === 'SCALEKIT',
  ),
  "this.type == 9 ? this.key_id == 'WEBAUTHN' : true": onFields(
    (it) => it['type'] !== TYPE_WEBAUTHN || it['keyId'] === 'WEBAUTHN',
  ),
  '!(this.type in [4,5,9])': onFields((it) => !TYPES_NOT_SUPPORTED.includes(it['type'])),
  "this.login_failed || (this.sub != '' && this.email != '')": onFields(
    (it) => it['loginFailed'] === true || (it['sub'] !== '' && it['email'] !== ''),
  ),
  '!(has(this.connector) && this.connection_names.size() > 0)': onFields(
    (it) => !isSet(it['connector']) || !hasItems(it['connectionNames']),
  ),
  "this.matches('^[a-zA-Z0-9_:]+$')": (value) => typeof value === 'string' && PERMISSION_NAME.test(value),
};

function onFields(holds: (fields: Fields) => boolean): (value: unknown) => boolean {
  return (value) => typeof value !== 'object' || value === null || holds(value as Fields);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== '';
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** Whether `rule` is one of those we know. A test holds this for every rule of the contract. */
export function isKnownExpression(rule: CelRule): boolean {
  return rule.expression in MEANINGS;
}

/** Whether `value`, a message or a scalar, meets `rule`. A rule we do not know is met: a new contract must not break old calls. */
export function meetsExpression(rule: CelRule, value: unknown): boolean {
  return MEANINGS[rule.expression]?.(value) ?? true;
}
