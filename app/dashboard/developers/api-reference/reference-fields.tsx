import type { ReferenceField } from '@/lib/adapters/rpc/reference/reference';

/** Types with many values are read as a list, and only when they are wanted. */
const ENUM_SHOWN_MAX = 6;

function FieldType({ type }: { type: string }) {
  const choice = /^(.*one of )(.+)$/.exec(type);
  const values = choice?.[2]?.split(', ') ?? [];
  if (values.length <= ENUM_SHOWN_MAX) return <span className="wrap-anywhere">{type}</span>;
  return (
    <span className="wrap-anywhere">
      {choice?.[1]}
      {values.slice(0, ENUM_SHOWN_MAX).join(', ')} and {values.length - ENUM_SHOWN_MAX} more
    </span>
  );
}

/** Props of {@link ReferenceFields}. */
interface ReferenceFieldsProps {
  /** Parameters say where they stand. */
  fields: readonly (ReferenceField & { readonly place?: string })[];
  /** Of a request, where fields that must be sent are marked. */
  isRequest?: boolean;
}

/** What is sent or answered, field by field; objects open on demand. */
export function ReferenceFields({ fields, isRequest = false }: ReferenceFieldsProps) {
  return (
    <ul className="divide-y divide-line">
      {fields.map((field) => (
        <li key={field.name} className="px-4 py-2.5">
          <div className="flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5">
            <code className="font-mono text-sm font-medium wrap-anywhere">{field.name}</code>
            <span className="text-sm text-ink-soft">
              <FieldType type={field.type} />
            </span>
            {field.place && <span className="text-sm text-ink-faint">in the {field.place}</span>}
            {isRequest && field.isRequired && <span className="text-sm font-medium">required</span>}
          </div>
          {field.description && <p className="mt-0.5 max-w-prose text-ink-soft">{field.description}</p>}
          {field.limits.length > 0 && (
            <p className="mt-0.5 text-sm text-ink-faint wrap-anywhere">{field.limits.join('; ')}</p>
          )}
          {field.fields.length > 0 && (
            <details className="group mt-1.5">
              <summary className="hit-area w-fit cursor-pointer rounded-sm text-sm font-medium text-accent-ink">
                Fields of {field.name}
              </summary>
              <div className="mt-2 rounded-lg border border-line">
                <ReferenceFields fields={field.fields} isRequest={isRequest} />
              </div>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}
