import type { Attribute } from './attribute';

/** An attribute, or one sub-attribute of it, found in the schemas of a resource type. */
export interface AttributePath {
  /** URN of the schema that defines the attribute; the core schema for common attributes. */
  readonly schema: string;
  /** True when the value lives under the member named by `schema` and not at the top of the resource. */
  readonly isExtension: boolean;
  /** True when no schema describes the attribute, so that only its name is known. In PATCH operations only. */
  readonly isUndeclared?: true;
  readonly attribute: Attribute;
  readonly subAttribute?: Attribute;
}

export type CompareOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/**
 * A parsed filter (RFC 7644 §3.4.2.2) with every name resolved and every literal typed: strings for string, reference,
 * binary and dateTime attributes, booleans and numbers for theirs. Comparing with null is parsed as presence. The paths
 * of a compare or present inside a `valuePath` name the same attribute as the value path itself and are to be evaluated
 * on one element: its `subAttribute`, or the element when there is none.
 */
export type Filter =
  | { readonly kind: 'and'; readonly filters: readonly Filter[] }
  | { readonly kind: 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'present'; readonly path: AttributePath }
  | CompareFilter
  | { readonly kind: 'valuePath'; readonly path: AttributePath; readonly filter: Filter };

/** The attribute that is compared is `path.subAttribute ?? path.attribute`. */
export interface CompareFilter {
  readonly kind: 'compare';
  readonly path: AttributePath;
  readonly operator: CompareOperator;
  readonly value: string | number | boolean;
}

/** A resolved PATCH path (RFC 7644 §3.5.2, figure 7). `filter` selects elements of a multi-valued attribute. */
export interface PatchPath extends AttributePath {
  readonly filter?: Filter;
}

/** The attribute whose type decides: the sub-attribute if one is named. */
export function targetAttribute(path: AttributePath): Attribute {
  return path.subAttribute ?? path.attribute;
}

/** The path as RFC 7644 writes it, in the schema's own spelling: `name.givenName`, `urn:…:User:manager.value`. */
export function formatPath(path: AttributePath): string {
  const prefix = path.isExtension ? `${path.schema}:` : '';
  return path.subAttribute === undefined
    ? `${prefix}${path.attribute.name}`
    : `${prefix}${path.attribute.name}.${path.subAttribute.name}`;
}
