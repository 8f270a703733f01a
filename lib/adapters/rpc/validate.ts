import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import type { FieldViolation } from '@/lib/core/error';
import { meetsExpression } from './expression-rules';
import { fieldRulesOf, messageRulesOf } from './field-rules';
import type { CelRule, FieldRules, NumberRules, StringRules } from './rule-types';

type Report = (path: string, constraint: string, description: string) => void;

interface FieldPlan {
  readonly field: DescField;
  readonly rules: FieldRules | undefined;
  /** Message type of the field, its items or its values, if that has rules to check in turn. */
  readonly nested: DescMessage | undefined;
}

interface MessagePlan {
  readonly fields: readonly FieldPlan[];
  readonly expressions: readonly CelRule[];
  /** The page size field and the largest size we serve. */
  readonly pageSize?: { readonly field: DescField; readonly max: number };
}

/** Only the contract's own messages carry rules. */
const CONTRACT_PACKAGE = 'scalekit.';
const PAGE_SIZE = 'page_size';
/** The e-mail syntax of the HTML standard, which is what `buf.validate` means by an e-mail address. */
const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i;

const plans = new Map<string, MessagePlan>();
const patterns = new Map<string, RegExp>();

/**
 * What is wrong with `message` by the rules of its descriptor; empty if nothing is. Field names are in snake_case, dotted,
 * with list positions and map keys in brackets. Page sizes are never wrong: see `clampPageSize`.
 */
export function validateMessage(schema: DescMessage, message: Message): FieldViolation[] {
  const violations: FieldViolation[] = [];
  checkMessage(schema, message, '', (field, constraint, description) => {
    violations.push({ field, constraint, description });
  });
  return violations;
}

/** Lowers a page size above the documented maximum to it, in place. Sizes are clamped, never refused. */
export function clampPageSize(schema: DescMessage, message: Message): void {
  const { pageSize } = planOf(schema);
  if (!pageSize) return;
  const fields = message as unknown as Record<string, unknown>;
  const size = fields[pageSize.field.localName];
  if (typeof size === 'number' && size > pageSize.max) fields[pageSize.field.localName] = pageSize.max;
}

function planOf(schema: DescMessage): MessagePlan {
  let plan = plans.get(schema.typeName);
  if (!plan) {
    plan = makePlan(schema);
    plans.set(schema.typeName, plan);
  }
  return plan;
}

function makePlan(schema: DescMessage): MessagePlan {
  const fields = schema.fields.map((field): FieldPlan => {
    const nested = field.message?.typeName.startsWith(CONTRACT_PACKAGE) ? field.message : undefined;
    return { field, rules: fieldRulesOf(field), nested };
  });
  const sized = fields.find(({ field }) => field.name === PAGE_SIZE);
  const max = sized?.rules?.number?.lte;
  return {
    fields: fields.filter(({ field, rules, nested }) => field.name !== PAGE_SIZE && (rules || nested || field.enum)),
    expressions: messageRulesOf(schema),
    pageSize: sized && max !== undefined ? { field: sized.field, max } : undefined,
  };
}

function checkMessage(schema: DescMessage, message: Message, prefix: string, report: Report): void {
  const plan = planOf(schema);
  for (const { field, rules, nested } of plan.fields) {
    const path = prefix + field.name;
    const value = readField(message, field);
    if (rules) checkField(field, rules, value, path, report);
    checkDefined(field, rules, value, path, report);
    if (nested && value !== undefined) checkNested(field, nested, value, path, report);
  }
  checkExpressions(plan.expressions, message, prefix.replace(/\.$/, ''), report);
}

function readField(message: Message, field: DescField): unknown {
  const fields = message as unknown as Record<string, unknown>;
  if (!field.oneof) return fields[field.localName];
  const chosen = fields[field.oneof.localName] as { case?: string; value?: unknown };
  return chosen.case === field.localName ? chosen.value : undefined;
}

function checkNested(field: DescField, nested: DescMessage, value: unknown, path: string, report: Report): void {
  if (field.fieldKind === 'message') checkMessage(nested, value as Message, `${path}.`, report);
  else if (field.fieldKind === 'list') {
    for (const [at, item] of (value as Message[]).entries()) checkMessage(nested, item, `${path}[${at}].`, report);
  } else if (field.fieldKind === 'map') {
    for (const [key, item] of Object.entries(value as Record<string, Message>)) {
      checkMessage(nested, item, `${path}[${JSON.stringify(key)}].`, report);
    }
  }
}

function checkField(field: DescField, rules: FieldRules, value: unknown, path: string, report: Report): void {
  const isEmpty = isEmptyValue(field, value);
  if (rules.isRequired && isEmpty) {
    report(path, 'required', `${path} is required.`);
    return;
  }
  if (value === undefined || (rules.ignoresEmpty && isEmpty)) return;
  checkValue(rules, value, path, report);
}

/** Refuses enum numbers that the contract does not define, unless the rules say that the enum is open. */
function checkDefined(
  field: DescField,
  rules: FieldRules | undefined,
  value: unknown,
  path: string,
  report: Report,
): void {
  if (!field.enum || rules?.enum?.isDefinedOnly === false) return;
  const known = field.enum.value;
  for (const number of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (typeof number !== 'number' || known[number]) continue;
    const names = field.enum.values.map(({ name }) => name).join(', ');
    report(path, 'enum.defined_only', `${path} must be one of ${names}.`);
  }
}

function isEmptyValue(field: DescField, value: unknown): boolean {
  if (value === undefined) return true;
  if (field.fieldKind === 'list') return (value as unknown[]).length === 0;
  if (field.fieldKind === 'map') return Object.keys(value as object).length === 0;
  // A field with presence is set even if it holds the zero value.
  if (field.presence !== IMPLICIT_PRESENCE) return false;
  return value === '' || value === 0 || value === 0n || value === false || isEmptyBytes(value);
}

/** `google.protobuf.FeatureSet.FieldPresence.IMPLICIT`. */
const IMPLICIT_PRESENCE = 2;

function isEmptyBytes(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === 0;
}

function checkValue(rules: FieldRules, value: unknown, path: string, report: Report): void {
  if (rules.string && typeof value === 'string') checkString(rules.string, value, path, report);
  if (rules.number && typeof value === 'number') checkBounds(rules.number, value, '', path, report);
  if (rules.enum && typeof value === 'number') checkEnum(rules.enum, value, path, report);
  if (rules.list && Array.isArray(value)) checkList(rules.list, value, path, report);
  if (rules.map) checkMap(rules.map, value as Record<string, unknown>, path, report);
  if (rules.durationSeconds) {
    const { seconds } = value as { seconds: bigint };
    checkBounds(rules.durationSeconds, Number(seconds), ' seconds', path, report);
  }
  checkExpressions(rules.expressions ?? [], value, path, report);
}

function checkExpressions(expressions: readonly CelRule[], value: unknown, path: string, report: Report): void {
  for (const rule of expressions) {
    if (!meetsExpression(rule, value))
      report(path, rule.id || 'expression', `${path}: ${rule.message}.`.replace(/^: /, ''));
  }
}

function checkString(rules: StringRules, value: string, path: string, report: Report): void {
  const { minLength = 0, maxLength, pattern, prefix } = rules;
  const length = countCharacters(value, maxLength);
  if (length < minLength) {
    const wanted = minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`;
    report(path, 'string.min_len', `${path} ${wanted}.`);
  } else if (maxLength !== undefined && length > maxLength) {
    report(path, 'string.max_len', `${path} must have at most ${maxLength} characters.`);
  } else if (prefix !== undefined && !value.startsWith(prefix)) {
    report(path, 'string.prefix', `${path} must start with ${prefix}.`);
  } else if (pattern !== undefined && !patternOf(pattern).test(value)) {
    report(path, 'string.pattern', `${path} must match ${pattern}.`);
  } else if (rules.in && !rules.in.includes(value)) {
    const allowed = rules.in.map((text) => JSON.stringify(text)).join(', ');
    report(path, 'string.in', `${path} must be one of ${allowed}.`);
  } else if (rules.isEmail && !EMAIL.test(value)) {
    report(path, 'string.email', `${path} must be an e-mail address.`);
  } else if (rules.isUri && !URL.canParse(value)) {
    report(path, 'string.uri', `${path} must be an absolute URL.`);
  }
}

/** Code points of `value`. A text that cannot be short enough is not walked through. */
function countCharacters(value: string, maxLength: number | undefined): number {
  if (maxLength !== undefined && value.length > maxLength * 2) return value.length;
  let count = 0;
  for (const _ of value) count++;
  return count;
}

function patternOf(source: string): RegExp {
  let pattern = patterns.get(source);
  if (!pattern) {
    pattern = new RegExp(source, 'u');
    patterns.set(source, pattern);
  }
  return pattern;
}

function checkBounds(rules: NumberRules, value: number, unit: string, path: string, report: Report): void {
  if (rules.lt !== undefined && !(value < rules.lt))
    report(path, 'lt', `${path} must be less than ${rules.lt}${unit}.`);
  if (rules.lte !== undefined && !(value <= rules.lte))
    report(path, 'lte', `${path} must be at most ${rules.lte}${unit}.`);
  if (rules.gt !== undefined && !(value > rules.gt))
    report(path, 'gt', `${path} must be more than ${rules.gt}${unit}.`);
  if (rules.gte !== undefined && !(value >= rules.gte))
    report(path, 'gte', `${path} must be at least ${rules.gte}${unit}.`);
}

function checkEnum(rules: NonNullable<FieldRules['enum']>, value: number, path: string, report: Report): void {
  if (rules.in && !rules.in.includes(value)) report(path, 'enum.in', `${path} must not be ${value}.`);
}

function checkList(
  rules: NonNullable<FieldRules['list']>,
  items: readonly unknown[],
  path: string,
  report: Report,
): void {
  const { minItems = 0, maxItems, isUnique, items: itemRules } = rules;
  if (items.length < minItems) report(path, 'repeated.min_items', `${path} must have at least ${minItems} items.`);
  if (maxItems !== undefined && items.length > maxItems) {
    report(path, 'repeated.max_items', `${path} must have at most ${maxItems} items.`);
    return;
  }
  if (isUnique && new Set(items).size < items.length) {
    report(path, 'repeated.unique', `${path} must not name anything twice.`);
  }
  if (!itemRules) return;
  for (const [at, item] of items.entries()) checkValue(itemRules, item, `${path}[${at}]`, report);
}

function checkMap(
  rules: NonNullable<FieldRules['map']>,
  entries: Readonly<Record<string, unknown>>,
  path: string,
  report: Report,
): void {
  const { minPairs = 0, maxPairs, keys: keyRules, values: valueRules } = rules;
  const pairs = Object.entries(entries);
  if (pairs.length < minPairs) report(path, 'map.min_pairs', `${path} must have at least ${minPairs} entries.`);
  if (maxPairs !== undefined && pairs.length > maxPairs) {
    report(path, 'map.max_pairs', `${path} must have at most ${maxPairs} entries.`);
    return;
  }
  for (const [key, value] of pairs) {
    const at = `${path}[${JSON.stringify(key)}]`;
    if (keyRules) {
      checkValue(keyRules, key, at, (field, constraint, description) => {
        report(field, constraint, description.replace(at, `The key ${at}`));
      });
    }
    if (valueRules) checkValue(valueRules, value, at, report);
  }
}
