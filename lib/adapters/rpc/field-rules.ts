import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { FIELD_OVERRIDES } from './field-overrides';
import type { CelRule, FieldRules, NumberRules, StringRules } from './rule-types';
import { readOption } from './wire';
import type { WireMessage } from './wire';

/** Field number of the `buf.validate` options, the same on messages, oneofs and fields. */
const VALIDATE_OPTION = 1159;
/** `buf.validate.FieldRules`, by number. */
const NUMBER_KINDS = new Set([1, 2, 3, 4, 5, 6, 7, 8]);
const STRING = 14;
const ENUM = 16;
const REPEATED = 18;
const MAP = 19;
const DURATION = 21;
const CEL = 23;
const REQUIRED = 25;
const IGNORE = 27;
const IGNORE_IF_EMPTY = 1;
const MESSAGE_CEL = 3;

/** The rules of `field`, from its descriptor, with our documented departures applied. Undefined if it has none. */
export function fieldRulesOf(field: DescField): FieldRules | undefined {
  const option = readOption(field.proto.options, VALIDATE_OPTION);
  const rules = option && readFieldRules(option);
  const override = FIELD_OVERRIDES[`${field.parent.typeName}.${field.name}`];
  return override ? override.change(rules ?? {}) : rules;
}

/** The conditions that `message` as a whole must meet. */
export function messageRulesOf(message: DescMessage): readonly CelRule[] {
  return (readOption(message.proto.options, VALIDATE_OPTION)?.messages(MESSAGE_CEL) ?? []).map(readCelRule);
}

function readFieldRules(option: WireMessage): FieldRules {
  const unread: string[] = [];
  const note = (kind: string, rules: WireMessage, known: readonly number[]): void => {
    unread.push(...rules.numbers.filter((no) => !known.includes(no)).map((no) => `${kind}.${no}`));
  };
  const rules: { -readonly [K in keyof FieldRules]: FieldRules[K] } = {};
  for (const no of option.numbers) {
    const inner = no === REQUIRED || no === IGNORE ? undefined : option.message(no);
    if (no === REQUIRED) rules.isRequired = option.flag(REQUIRED);
    else if (no === IGNORE && option.number(IGNORE) === IGNORE_IF_EMPTY) rules.ignoresEmpty = true;
    else if (no === CEL) rules.expressions = option.messages(CEL).map(readCelRule);
    else if (inner && no === STRING) {
      note('string', inner, [2, 3, 6, 7, 10, 12, 17]);
      rules.string = readStringRules(inner);
    } else if (inner && NUMBER_KINDS.has(no)) {
      note('number', inner, [2, 3, 4, 5]);
      rules.number = readBounds(inner, 2);
    } else if (inner && no === ENUM) {
      note('enum', inner, [2, 3]);
      const allowed = inner.integers(3);
      rules.enum = { isDefinedOnly: inner.flag(2) || undefined, in: allowed.length > 0 ? allowed : undefined };
    } else if (inner && no === REPEATED) {
      note('repeated', inner, [1, 2, 3, 4]);
      rules.list = {
        minItems: inner.number(1),
        maxItems: inner.number(2),
        isUnique: inner.flag(3),
        items: readInner(inner, 4),
      };
    } else if (inner && no === MAP) {
      note('map', inner, [1, 2, 4, 5]);
      rules.map = {
        minPairs: inner.number(1),
        maxPairs: inner.number(2),
        keys: readInner(inner, 4),
        values: readInner(inner, 5),
      };
    } else if (inner && no === DURATION) {
      note('duration', inner, [3, 4, 5, 6]);
      rules.durationSeconds = readDurationBounds(inner);
    } else unread.push(String(no));
  }
  return unread.length > 0 ? { ...rules, unread } : rules;
}

function readInner(rules: WireMessage, no: number): FieldRules | undefined {
  const inner = rules.message(no);
  return inner && readFieldRules(inner);
}

function readStringRules(rules: WireMessage): StringRules {
  const allowed = rules.texts(10);
  return {
    minLength: rules.number(2),
    maxLength: rules.number(3),
    pattern: rules.text(6),
    prefix: rules.text(7),
    in: allowed.length > 0 ? allowed : undefined,
    isEmail: rules.flag(12),
    isUri: rules.flag(17),
  };
}

/** Bounds whose field numbers are `first` and the next three, in the order lt, lte, gt, gte. */
function readBounds(rules: WireMessage, first: number): NumberRules {
  return {
    lt: rules.number(first),
    lte: rules.number(first + 1),
    gt: rules.number(first + 2),
    gte: rules.number(first + 3),
  };
}

function readDurationBounds(rules: WireMessage): NumberRules {
  const seconds = (no: number): number | undefined => rules.message(no)?.number(1);
  return { lt: seconds(3), lte: seconds(4), gt: seconds(5), gte: seconds(6) };
}

function readCelRule(rule: WireMessage): CelRule {
  return { id: rule.text(1) ?? '', message: rule.text(2) ?? '', expression: rule.text(3) ?? '' };
}
