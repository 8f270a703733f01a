/** A condition in the Common Expression Language; `expression-rules.ts` knows what each one means. */
export interface CelRule {
  readonly id: string;
  readonly message: string;
  readonly expression: string;
}

export interface StringRules {
  /** Lengths count characters (code points), not bytes. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly prefix?: string;
  readonly in?: readonly string[];
  readonly isEmail?: boolean;
  readonly isUri?: boolean;
}

export interface NumberRules {
  readonly lt?: number;
  readonly lte?: number;
  readonly gt?: number;
  readonly gte?: number;
}

/** The `buf.validate` rules of one field, or of the items, keys or values of one. */
export interface FieldRules {
  readonly isRequired?: boolean;
  /** Whether the rules do not hold for an empty value. */
  readonly ignoresEmpty?: boolean;
  readonly string?: StringRules;
  readonly number?: NumberRules;
  /** Numbers that the enum does not define are refused unless `isDefinedOnly` is false. */
  readonly enum?: { readonly isDefinedOnly?: boolean; readonly in?: readonly number[] };
  readonly list?: {
    readonly minItems?: number;
    readonly maxItems?: number;
    readonly isUnique?: boolean;
    readonly items?: FieldRules;
  };
  readonly map?: {
    readonly minPairs?: number;
    readonly maxPairs?: number;
    readonly keys?: FieldRules;
    readonly values?: FieldRules;
  };
  /** Bounds of a `google.protobuf.Duration`. */
  readonly durationSeconds?: NumberRules;
  readonly expressions?: readonly CelRule[];
  /** Rules that we do not read, by their field numbers: `string.22`. A test keeps this empty. */
  readonly unread?: readonly string[];
}
