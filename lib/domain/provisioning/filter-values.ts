import type { SqlValue } from '@/lib/db/handle';
import type { Attribute, ResourceType } from '@/lib/scim/attribute';
import type { AttributePath } from '@/lib/scim/syntax';
import { SHOWN_NAME_KEY } from './comparable';

/** A statement's parameters; `bind` adds one and returns its placeholder. */
export class Parameters {
  readonly values: SqlValue[] = [];

  bind(value: SqlValue, type: string): string {
    return `$${this.values.push(value)}::${type}`;
  }
}

/** What a filter is compiled for. Rows of people are called `u`, of groups `g`. */
export interface FilterTarget {
  readonly resourceType: ResourceType;
  /** Address of the directory's SCIM base, for `meta.location` and `$ref`. */
  readonly baseUrl: string;
  /** Placeholder of the directory's id. */
  readonly directory: string;
  readonly parameters: Parameters;
}

/**
 * An expression with the value of a single attribute, null where there is none. `json` is of the comparable document; `text` is folded
 * unless the attribute is case exact; `fixed` is the same for every row.
 */
export type Operand =
  | {
      readonly kind: 'json' | 'text' | 'moment' | 'boolean';
      readonly sql: string;
      readonly isNullable?: boolean;
      /** A column that an index finds; it holds the same, except that it is null for the empty text. */
      readonly indexed?: string;
    }
  | { readonly kind: 'fixed'; readonly value: string };

/** Rows, one a value: `from` a join, `where` what ties it to the resource. `order` is the order of the list that clients see. */
export interface Rows {
  readonly from: string;
  readonly where: string;
  readonly order: string;
  readonly value: Operand;
  /** The element of the document that the value is of, as JSON. */
  readonly item?: string;
}

/** The values of an attribute: one at most, or those of rows. */
export type Values = { readonly one: Operand } | { readonly many: readonly Rows[] };

/** A name as an SQL text. */
export const quote = (name: string) => `'${name.replaceAll("'", "''")}'`;

/** Finds the values below one element by sub-attribute; of the element itself without one. */
export type Element = (subAttribute: Attribute | undefined) => Values;

export interface Elements extends Omit<Rows, 'value'> {
  readonly element: Element;
}

export const aliasOf = ({ resourceType }: FilterTarget) => (resourceType.name === 'User' ? 'u' : 'g');

/** The elements of a list in a JSON expression. A value alone is a list of one. */
function jsonRows(list: string, alias: string): Omit<Rows, 'value'> & { readonly item: string } {
  return {
    from: `jsonb_path_query(${list}, '$[*]') with ordinality as ${alias}(item, place)`,
    where: 'true',
    order: `${alias}.place`,
    item: `${alias}.item`,
  };
}

/** The values below a JSON expression by sub-attribute. */
function jsonElement(item: string): Element {
  return (subAttribute) => {
    if (subAttribute === undefined) return { one: { kind: 'json', sql: item, isNullable: true } };
    const sql = `${item} -> ${quote(subAttribute.name)}`;
    if (!subAttribute.multiValued) return { one: { kind: 'json', sql: `(${sql})`, isNullable: true } };
    const rows = jsonRows(sql, 's');
    return { many: [{ ...rows, value: { kind: 'json', sql: rows.item } }] };
  };
}

/** Where the elements of a multi-valued attribute are: rows of memberships, or a list in the comparable document. */
export function elementsOf(path: AttributePath, target: FilterTarget): Elements[] {
  const { attribute, isExtension } = path;
  if (!isExtension && attribute.name === 'groups' && target.resourceType.name === 'User') return [groupsOfUser(target)];
  if (!isExtension && attribute.name === 'members' && target.resourceType.name === 'Group')
    return membersOfGroup(target);
  const rows = jsonRows(documentPart(path, target), 'e');
  return [{ ...rows, element: jsonElement(rows.item) }];
}

function documentPart(path: AttributePath, target: FilterTarget): string {
  const container = path.isExtension ? ` -> ${quote(path.schema)}` : '';
  return `${aliasOf(target)}.comparable${container} -> ${quote(path.attribute.name)}`;
}

function reference(
  parts: { id: string; collection: string; display: string; type: string },
  target: FilterTarget,
): Element {
  return (subAttribute) => {
    switch (subAttribute?.name) {
      case '$ref':
        return { one: location(`${target.baseUrl}/${parts.collection}/`, parts.id, target) };
      case 'display':
        return { one: { kind: 'text', sql: parts.display } };
      case 'type':
        return { one: { kind: 'fixed', value: parts.type } };
      default:
        return { one: { kind: 'text', sql: parts.id } };
    }
  };
}

function location(prefix: string, id: string, { parameters }: FilterTarget): Operand {
  return { kind: 'text', sql: `(${parameters.bind(prefix, 'text')} || ${id})` };
}

function groupsOfUser(target: FilterTarget): Elements {
  return {
    from: `membership m join dir_group mg on mg.directory_id = m.directory_id and mg.id = m.group_id and mg.deleting_at is null`,
    where: 'm.directory_id = u.directory_id and m.user_id = u.id',
    order: 'mg.display_name_key, mg.id',
    element: reference(
      { id: 'm.group_id', collection: 'Groups', display: 'mg.display_name_key', type: 'direct' },
      target,
    ),
  };
}

const SHOWN_NAME = `(coalesce(mu.comparable ->> '${SHOWN_NAME_KEY}', mu.comparable ->> 'displayName', '') collate "C")`;

function membersOfGroup(target: FilterTarget): Elements[] {
  return [
    {
      from: 'membership m join dir_user mu on mu.directory_id = m.directory_id and mu.id = m.user_id',
      where: 'm.directory_id = g.directory_id and m.group_id = g.id',
      order: 'm.user_id',
      element: reference({ id: 'm.user_id', collection: 'Users', display: SHOWN_NAME, type: 'user' }, target),
    },
    {
      from: `group_nesting n join dir_group mg on mg.directory_id = n.directory_id and mg.id = n.member_group_id and mg.deleting_at is null`,
      where: 'n.directory_id = g.directory_id and n.group_id = g.id',
      order: 'n.member_group_id',
      element: reference(
        { id: 'n.member_group_id', collection: 'Groups', display: 'mg.display_name_key', type: 'group' },
        target,
      ),
    },
  ];
}

/** The values that a path leads to. */
export function valuesOf(path: AttributePath, target: FilterTarget): Values {
  const column = path.isExtension ? undefined : columnOf(path, target);
  if (column !== undefined) return { one: column };
  if (!path.attribute.multiValued) return jsonElement(documentPart(path, target))(path.subAttribute);
  return {
    many: elementsOf(path, target).flatMap(({ from, where, order, item, element }): Rows[] => {
      const below = element(path.subAttribute);
      if ('one' in below) return [{ from, where, order, item, value: below.one }];
      return below.many.map((rows) => ({
        from: `${from} cross join ${rows.from}`,
        where,
        order: `${order}, ${rows.order}`,
        item,
        value: rows.value,
      }));
    }),
  };
}

/** Attributes that are columns, of people and of groups. */
function columnOf({ attribute, subAttribute }: AttributePath, target: FilterTarget): Operand | undefined {
  const alias = aliasOf(target);
  const isUser = alias === 'u';
  switch (attribute.name) {
    case 'id':
      return { kind: 'text', sql: `${alias}.id` };
    case 'externalId':
      return {
        kind: 'text',
        sql: `((${alias}.doc ->> 'externalId') collate "C")`,
        isNullable: true,
        indexed: `${alias}.external_id`,
      };
    case 'userName':
      return isUser ? { kind: 'text', sql: 'u.user_name_key' } : undefined;
    case 'active':
      return isUser ? { kind: 'boolean', sql: 'u.is_active' } : undefined;
    case 'displayName':
      return isUser ? undefined : { kind: 'text', sql: 'g.display_name_key' };
    case 'meta':
      return metaColumn(subAttribute?.name, target);
    default:
      return undefined;
  }
}

function metaColumn(name: string | undefined, target: FilterTarget): Operand {
  const alias = aliasOf(target);
  switch (name) {
    case 'created':
      return { kind: 'moment', sql: `${alias}.created_at` };
    case 'lastModified':
      return { kind: 'moment', sql: `${alias}.updated_at` };
    case 'version':
      return { kind: 'text', sql: `(('W/"' || ${alias}.version || '"') collate "C")` };
    case 'location':
      return location(`${target.baseUrl}${target.resourceType.endpoint}/`, `${alias}.id`, target);
    default:
      return { kind: 'fixed', value: target.resourceType.name };
  }
}
