import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** What the descriptors keep of an option whose definition the package does not ship. */
interface UnknownOption {
  readonly no: number;
  readonly data: Uint8Array;
}

/** Options of a descriptor as protobuf-es holds them. */
export interface OptionsHolder {
  readonly $unknown?: readonly UnknownOption[];
}

type WireValue = bigint | number | Uint8Array;

/**
 * A protobuf message read by field numbers alone, for option messages of which no schema is shipped.
 * Later values of a singular field win, as in any protobuf reader.
 */
export class WireMessage {
  private readonly fields = new Map<number, WireValue[]>();

  /** Throws if `bytes` are not a protobuf message. */
  constructor(bytes: Uint8Array) {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [no, wireType] = reader.tag();
      const values = this.fields.get(no);
      const value = readValue(reader, no, wireType);
      if (values) values.push(value);
      else this.fields.set(no, [value]);
    }
  }

  /** The field numbers that occur, in order of first occurrence. */
  get numbers(): readonly number[] {
    return [...this.fields.keys()];
  }

  /** A varint, float or double field as a number. */
  number(no: number): number | undefined {
    const value = this.last(no);
    if (value === undefined || value instanceof Uint8Array) return undefined;
    return typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : value;
  }

  /** A bool field; false when absent. */
  flag(no: number): boolean {
    return this.number(no) === 1;
  }

  /** A string field. */
  text(no: number): string | undefined {
    return this.texts(no).at(-1);
  }

  /** A repeated string field. */
  texts(no: number): string[] {
    return this.bytesOf(no).map((bytes) => new TextDecoder().decode(bytes));
  }

  /** A repeated varint field, packed or not. */
  integers(no: number): number[] {
    return (this.fields.get(no) ?? []).flatMap((value) => {
      if (!(value instanceof Uint8Array)) return [Number(value)];
      const reader = new BinaryReader(value);
      const integers: number[] = [];
      while (reader.pos < reader.len) integers.push(Number(reader.int64()));
      return integers;
    });
  }

  /** A message field; several occurrences are merged, which for protobuf means concatenated. */
  message(no: number): WireMessage | undefined {
    const parts = this.bytesOf(no);
    return parts.length === 0 ? undefined : new WireMessage(Buffer.concat(parts));
  }

  /** A repeated message field. */
  messages(no: number): WireMessage[] {
    return this.bytesOf(no).map((bytes) => new WireMessage(bytes));
  }

  private last(no: number): WireValue | undefined {
    return this.fields.get(no)?.at(-1);
  }

  private bytesOf(no: number): Uint8Array[] {
    return (this.fields.get(no) ?? []).filter((value) => value instanceof Uint8Array);
  }
}

function readValue(reader: BinaryReader, no: number, wireType: WireType): WireValue {
  switch (wireType) {
    case WireType.Varint:
      return BigInt(reader.uint64());
    case WireType.LengthDelimited:
      return reader.bytes();
    case WireType.Bit64:
      return reader.double();
    case WireType.Bit32:
      return reader.float();
    default:
      throw new Error(`Field ${no} has wire type ${wireType}, which no option uses.`);
  }
}

/** The option message with number `no` among `options`, or undefined if it is not set. */
export function readOption(options: OptionsHolder | undefined, no: number): WireMessage | undefined {
  const parts = (options?.$unknown ?? [])
    .filter((field) => field.no === no)
    .map((field) => new BinaryReader(field.data).bytes());
  return parts.length === 0 ? undefined : new WireMessage(Buffer.concat(parts));
}
