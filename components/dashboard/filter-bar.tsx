'use client';

import type { SelectProps } from '@/components/ui/field';
import { clsx } from 'clsx';
import Form from 'next/form';
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Select, TextField } from '@/components/ui/field';
import { useFollowedValue } from '@/components/ui/use-followed-value';

/** A pause in typing after which the list is read again. */
const TYPING_PAUSE_MS = 300;

const WIDTHS = { small: 'lg:w-36', medium: 'lg:w-44', large: 'lg:w-56' } as const;

/** One filter. A text without a width takes what is left of the row. */
export interface FilterField {
  name: string;
  label: string;
  value: string;
  /** Makes it a list to choose from. */
  options?: SelectProps['options'];
  placeholder?: string;
  width?: keyof typeof WIDTHS;
  /** Another filter that makes no sense any more once this one changes. */
  clears?: string;
}

function TextFilter({ field }: { field: FilterField }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const input = useRef<HTMLInputElement>(null);
  useFollowedValue(input, field.value);
  return (
    <TextField
      ref={input}
      label={field.label}
      name={field.name}
      type="search"
      defaultValue={field.value}
      placeholder={field.placeholder}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        const { form } = event.currentTarget;
        clearTimeout(timer.current);
        timer.current = setTimeout(() => form?.requestSubmit(), TYPING_PAUSE_MS);
      }}
    />
  );
}

function ChoiceFilter({ field, options }: { field: FilterField; options: SelectProps['options'] }) {
  const select = useRef<HTMLSelectElement>(null);
  useFollowedValue(select, field.value);
  return (
    <Select
      ref={select}
      label={field.label}
      name={field.name}
      options={options}
      defaultValue={field.value}
      onChange={(event) => {
        const { form } = event.currentTarget;
        const cleared = field.clears === undefined ? null : form?.elements.namedItem(field.clears);
        if (cleared instanceof HTMLSelectElement) cleared.value = '';
        form?.requestSubmit();
      }}
    />
  );
}

/** Props of {@link FilterBar}. */
export interface FilterBarProps {
  /** The list's own address, without a query. */
  action: string;
  fields: readonly FilterField[];
  /** Other parameters of the address to keep. Leave out the page. */
  keep?: Readonly<Record<string, string | undefined>>;
}

/** A list's filters, which live in its address. They take effect at once; without script by a button. */
export function FilterBar({ action, fields, keep = {} }: FilterBarProps) {
  return (
    <search>
      <Form action={action} replace scroll={false} className="grid items-end gap-3 sm:grid-cols-2 lg:flex">
        {Object.entries(keep).map(
          ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
        )}
        {fields.map((field) => (
          <div key={field.name} className={clsx('min-w-0', field.width ? WIDTHS[field.width] : 'lg:flex-1')}>
            {field.options ? (
              // Other options are another field: a browser keeps what was chosen among the old ones.
              <ChoiceFilter
                key={field.options.map(({ value }) => value).join()}
                field={field}
                options={field.options}
              />
            ) : (
              <TextFilter field={field} />
            )}
          </div>
        ))}
        <div className="hidden noscript:block">
          <Button>Filter</Button>
        </div>
      </Form>
    </search>
  );
}
