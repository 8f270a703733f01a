import type { Attribute, ResourceType } from './attribute';
import type { ScimError } from './error';
import { invalidFilter, invalidPath } from './error';
import { findSubAttribute, resolveName } from './names';
import { filterAttributeAlias, literalAsText, readBoolean, readNumber } from './quirks';
import type { AttributePath, CompareOperator, Filter } from './syntax';
import { formatPath, targetAttribute } from './syntax';

/** Longest filter of a query, in characters. A URL of 16 KiB does not hold more. */
export const MAX_FILTER_LENGTH = 16_384;
/** Most comparisons in the filter of a query. */
export const MAX_FILTER_TERMS = 256;
/** Deepest nesting of parentheses, `not` and brackets. */
export const MAX_FILTER_DEPTH = 32;

export interface FilterLimits {
  readonly maxLength: number;
  readonly maxTerms: number;
}

const QUERY_LIMITS: FilterLimits = { maxLength: MAX_FILTER_LENGTH, maxTerms: MAX_FILTER_TERMS };

const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);
const DATE_TIME = /^-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/i;
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Milliseconds since 1970 of an xsd:dateTime (RFC 7643 §2.3.5), or undefined when the text is none. Without an offset
 * it is UTC; digits beyond milliseconds are cut off.
 */
export function parseInstant(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const fraction = match[1] === undefined ? '' : match[1].slice(0, 4);
  const base = text.slice(0, text.toUpperCase().indexOf('T') + 9);
  const instant = Date.parse(`${base}${fraction}${(match[2] ?? 'Z').toUpperCase()}`);
  if (Number.isNaN(instant)) return undefined;
  // Date.parse turns the 31st of February into March.
  const day = Number(base.slice(-11, -9));
  return day <= daysInMonth(Number(base.slice(0, -15)), Number(base.slice(-14, -12))) ? instant : undefined;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (((year % 400) + 400) % 400), month, 0)).getUTCDate();
}

/**
 * Parses a filter (RFC 7644 §3.4.2.2). Names and operators in any case. Beyond the grammar it takes
 * `emails[type eq "work"].value eq "x"`, which Entra sends, as both conditions on one element; `True` and `"true"` for
 * booleans; numbers without quotes for string attributes.
 * @throws ScimError invalidFilter for anything else, also for unknown attributes.
 */
export function parseFilter(text: string, resourceType: ResourceType, limits: FilterLimits = QUERY_LIMITS): Filter {
  const parser = new FilterParser(text, resourceType, limits);
  const filter = parser.parseOr(undefined);
  parser.expectEnd();
  return filter;
}

/** What parsePath needs: an attribute path, its filter if there is one, and the text behind the bracket. */
export interface ParsedPathText {
  readonly name: string;
  readonly filter?: Filter;
  readonly subAttributeName?: string;
}

/**
 * Parses the text of a PATCH path (RFC 7644 §3.5.2, figure 7) up to names; `resolve` finds the multi-valued attribute
 * that a filter applies to, and how long that filter may be.
 * @throws ScimError invalidFilter for a broken filter, invalidPath for a broken path
 */
export function parsePathText(
  text: string,
  resourceType: ResourceType,
  resolve: (name: string) => { readonly path: AttributePath; readonly limits: FilterLimits },
): ParsedPathText {
  const open = text.indexOf('[');
  if (open < 0) return { name: text };
  const name = text.slice(0, open);
  const { path, limits } = resolve(name);
  const parser = new FilterParser(text, resourceType, limits, open);
  const filter = parser.parseBrackets(path);
  const rest = text.slice(parser.position);
  if (rest === '') return { name, filter };
  const match = /^\.([A-Za-z$][\w$-]*)$/.exec(rest);
  if (match?.[1] === undefined) throw invalidPath(`"${shorten(rest)}" cannot follow the bracket in the path.`);
  return { name, filter, subAttributeName: match[1] };
}

interface Literal {
  readonly source: string;
  readonly value: string | number | boolean | null;
}

class FilterParser {
  private depth = 0;
  private terms = 0;

  constructor(
    private readonly text: string,
    private readonly resourceType: ResourceType,
    private readonly limits: FilterLimits,
    public position = 0,
  ) {
    if (text.length > limits.maxLength)
      throw invalidFilter(`The filter is longer than ${limits.maxLength} characters.`);
  }

  /** `context` is the multi-valued attribute whose elements the filter is about, inside brackets. */
  parseOr(context: AttributePath | undefined): Filter {
    const filters = [this.parseAnd(context)];
    while (this.takeKeyword('or')) filters.push(this.parseAnd(context));
    return filters.length === 1 ? filters[0]! : { kind: 'or', filters };
  }

  private parseAnd(context: AttributePath | undefined): Filter {
    const filters = [this.parseTerm(context)];
    while (this.takeKeyword('and')) filters.push(this.parseTerm(context));
    return filters.length === 1 ? filters[0]! : { kind: 'and', filters };
  }

  private parseTerm(context: AttributePath | undefined): Filter {
    this.skipSpace();
    if (this.text[this.position] === '(') return this.parseGroup(context);
    const negation = /^not\s*(?=\()/i.exec(this.text.slice(this.position, this.position + 16));
    if (negation !== null) {
      this.position += negation[0].length;
      return { kind: 'not', filter: this.parseGroup(context) };
    }
    return this.parseExpression(context);
  }

  private parseGroup(context: AttributePath | undefined): Filter {
    this.position += 1;
    this.enter();
    const filter = this.parseOr(context);
    this.leave(')');
    return filter;
  }

  private parseExpression(context: AttributePath | undefined): Filter {
    this.terms += 1;
    if (this.terms > this.limits.maxTerms) {
      throw invalidFilter(`The filter has more than ${this.limits.maxTerms} comparisons.`);
    }
    const name = this.takeWord('an attribute name');
    const path = context === undefined ? this.resolve(name) : this.resolveElement(context, name);
    if (this.text[this.position] !== '[') return this.parseComparison(path);
    if (context !== undefined) throw this.failure('brackets cannot be nested');
    const filter = this.parseBrackets(path);
    if (this.text[this.position] !== '.') return { kind: 'valuePath', path, filter };
    this.position += 1;
    const element = this.resolveElement(path, this.takeWord('a sub-attribute name'));
    return { kind: 'valuePath', path, filter: conjunction(filter, this.parseComparison(element)) };
  }

  /** Parses `[…]` after a multi-valued attribute; the position is at the bracket. */
  parseBrackets(path: AttributePath): Filter {
    if (!path.attribute.multiValued || path.subAttribute !== undefined) {
      throw invalidFilter(`${formatPath(path)} has no list of values, so brackets cannot follow it.`);
    }
    this.position += 1;
    this.enter();
    const filter = this.parseOr(path);
    this.leave(']');
    return filter;
  }

  private parseComparison(path: AttributePath): Filter {
    const operator = this.takeWord('an operator').toLowerCase();
    if (operator === 'pr') return { kind: 'present', path };
    if (!isOperator(operator)) {
      throw invalidFilter(`"${operator}" is not an operator; use eq, ne, co, sw, ew, gt, ge, lt, le or pr.`);
    }
    const comparable = comparablePath(path);
    const literal = this.takeLiteral();
    if (literal.value === null) {
      if (operator === 'eq') return { kind: 'not', filter: { kind: 'present', path: comparable } };
      if (operator === 'ne') return { kind: 'present', path: comparable };
      throw invalidFilter(`null can only be compared with eq and ne, not with ${operator}.`);
    }
    return { kind: 'compare', path: comparable, operator, value: typeLiteral(comparable, operator, literal) };
  }

  private resolve(name: string): AttributePath {
    const alias = filterAttributeAlias(name);
    const resolved =
      resolveName(this.resourceType, name) ?? (alias === undefined ? undefined : resolveName(this.resourceType, alias));
    if (resolved?.kind !== 'attribute') {
      throw invalidFilter(`${this.resourceType.name} has no attribute "${shorten(name)}".`);
    }
    return allowFiltering(resolved.path);
  }

  private resolveElement(context: AttributePath, name: string): AttributePath {
    if (context.attribute.type !== 'complex' && name.toLowerCase() === 'value') return context;
    const subAttribute = findSubAttribute(context.attribute, name);
    if (subAttribute === undefined) {
      throw invalidFilter(`${formatPath(context)} has no sub-attribute "${shorten(name)}".`);
    }
    return allowFiltering({ ...context, subAttribute });
  }

  private takeLiteral(): Literal {
    this.skipSpace();
    if (this.text[this.position] === '"') return this.takeString();
    const source = this.takeWord('a value');
    if (JSON_NUMBER.test(source)) return { source, value: Number(source) };
    if (source === 'null') return { source, value: null };
    const boolean = readBoolean(source);
    if (boolean !== undefined) return { source, value: boolean };
    throw invalidFilter(`Put the value ${shorten(source)} in double quotes.`);
  }

  private takeString(): Literal {
    const start = this.position;
    let index = start + 1;
    while (index < this.text.length && this.text[index] !== '"') index += this.text[index] === '\\' ? 2 : 1;
    if (index >= this.text.length) throw this.failure('the closing double quote is missing');
    this.position = index + 1;
    const source = this.text.slice(start, this.position);
    let value: unknown;
    try {
      value = JSON.parse(source);
    } catch {
      throw invalidFilter(`The text that starts at character ${start + 1} of the filter is not a JSON string.`);
    }
    if (typeof value !== 'string' || value.includes('\0') || /\p{Surrogate}/u.test(value)) {
      throw invalidFilter(
        `The text that starts at character ${start + 1} of the filter holds a character that no value has.`,
      );
    }
    return { source, value };
  }

  /** Text up to white space, a bracket, a parenthesis or a quote. */
  private takeWord(expected: string): string {
    this.skipSpace();
    const start = this.position;
    while (this.position < this.text.length && !isDelimiter(this.text.charCodeAt(this.position))) this.position += 1;
    if (this.position === start) throw this.failure(`${expected} is missing`);
    return this.text.slice(start, this.position);
  }

  /** Takes the keyword if it is next, as a word of its own. */
  private takeKeyword(keyword: 'and' | 'or'): boolean {
    const start = this.position;
    this.skipSpace();
    const end = this.position + keyword.length;
    const isNext =
      this.text.slice(this.position, end).toLowerCase() === keyword &&
      (end >= this.text.length || isDelimiter(this.text.charCodeAt(end)));
    if (!isNext) {
      this.position = start;
      return false;
    }
    this.position = end;
    return true;
  }

  private skipSpace(): void {
    while (this.position < this.text.length && isSpace(this.text.charCodeAt(this.position))) this.position += 1;
  }

  private enter(): void {
    this.depth += 1;
    if (this.depth > MAX_FILTER_DEPTH)
      throw invalidFilter(`The filter is nested deeper than ${MAX_FILTER_DEPTH} levels.`);
  }

  private leave(closing: ')' | ']'): void {
    this.skipSpace();
    if (this.text[this.position] !== closing) throw this.failure(`"${closing}" is missing`);
    this.position += 1;
    this.depth -= 1;
  }

  expectEnd(): void {
    this.skipSpace();
    if (this.position < this.text.length) {
      throw this.failure(`"${shorten(this.text.slice(this.position))}" was not expected`);
    }
  }

  private failure(problem: string): ScimError {
    return invalidFilter(`The filter is not valid at character ${this.position + 1}: ${problem}.`);
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function isDelimiter(code: number): boolean {
  return isSpace(code) || code === 0x28 || code === 0x29 || code === 0x5b || code === 0x5d || code === 0x22;
}

function isOperator(text: string): text is CompareOperator {
  return OPERATORS.has(text);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function conjunction(left: Filter, right: Filter): Filter {
  return { kind: 'and', filters: left.kind === 'and' ? [...left.filters, right] : [left, right] };
}

/** What is never returned cannot be asked about either: a filter would reveal it (RFC 7644 §7.5). */
function allowFiltering(path: AttributePath): AttributePath {
  const target = targetAttribute(path);
  if (target.returned === 'never') throw invalidFilter(`${formatPath(path)} cannot be used in a filter.`);
  return path;
}

/** A complex attribute stands for its `value` where it has one: `emails co "@x"`, `manager eq "id"`. */
function comparablePath(path: AttributePath): AttributePath {
  const target = targetAttribute(path);
  if (target.type !== 'complex') return path;
  const value = findSubAttribute(target, 'value');
  if (value === undefined || path.subAttribute !== undefined) {
    throw invalidFilter(`${formatPath(path)} has parts; name the one to compare, such as ${exampleOf(path)}.`);
  }
  return { ...path, subAttribute: value };
}

function exampleOf(path: AttributePath): string {
  const first: Attribute | undefined = targetAttribute(path).subAttributes?.[0];
  return first === undefined ? formatPath(path) : `${formatPath(path)}.${first.name}`;
}

const TEXT_OPERATORS: ReadonlySet<CompareOperator> = new Set(['co', 'sw', 'ew']);
const ORDER_OPERATORS: ReadonlySet<CompareOperator> = new Set(['gt', 'ge', 'lt', 'le']);

/** The literal as the attribute's type, or invalidFilter where the comparison has no meaning (RFC 7644 table 3). */
function typeLiteral(path: AttributePath, operator: CompareOperator, literal: Literal): string | number | boolean {
  const { type } = targetAttribute(path);
  const name = formatPath(path);
  const refuseOperators = (refused: ReadonlySet<CompareOperator>): void => {
    if (refused.has(operator)) throw invalidFilter(`${name} is of type ${type}, which ${operator} cannot compare.`);
  };
  switch (type) {
    case 'boolean': {
      refuseOperators(TEXT_OPERATORS);
      refuseOperators(ORDER_OPERATORS);
      const value = readBoolean(literal.value);
      if (value === undefined) throw invalidFilter(`${name} is compared with true or false.`);
      return value;
    }
    case 'integer':
    case 'decimal': {
      refuseOperators(TEXT_OPERATORS);
      const value = readNumber(literal.value);
      if (value === undefined) throw invalidFilter(`${name} is compared with a number.`);
      return value;
    }
    case 'dateTime': {
      refuseOperators(TEXT_OPERATORS);
      if (typeof literal.value !== 'string' || parseInstant(literal.value) === undefined) {
        throw invalidFilter(`${name} is compared with a date and time such as "2026-01-31T08:00:00Z".`);
      }
      return literal.value;
    }
    case 'binary':
      refuseOperators(ORDER_OPERATORS);
      return typeof literal.value === 'string' ? literal.value : literalAsText(literal.source);
    default:
      return typeof literal.value === 'string' ? literal.value : literalAsText(literal.source);
  }
}
