'use client';

import { Search } from 'lucide-react';
import Form from 'next/form';
import { useEffect, useRef } from 'react';
import { CONTROL_CLASS_NAME } from './field';
import { useFollowedValue } from './use-followed-value';

/** A pause in typing after which the search runs. */
const TYPING_PAUSE_MS = 250;

/** Props of {@link SearchField}. */
export interface SearchFieldProps {
  /** The list's own address, without a query. */
  action: string;
  /** What is searched, for screen readers and as the placeholder: "Search organizations". */
  label: string;
  /** The query's name. Default `q`. */
  name?: string;
  defaultValue?: string;
  /** Other parameters of the address to keep, such as the sort. Leave out the page. */
  keep?: Readonly<Record<string, string | undefined>>;
}

/** A search that lives in the address: a GET form, submitted by Enter or, with script, after a pause in typing. */
export function SearchField({ action, label, name = 'q', defaultValue = '', keep = {} }: SearchFieldProps) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  useFollowedValue(field, defaultValue);

  return (
    <search className="block w-full sm:w-72">
      <Form action={action} replace scroll={false} className="relative">
        {Object.entries(keep).map(
          ([key, value]) => value && <input key={key} type="hidden" name={key} value={value} />,
        )}
        <Search
          size={14}
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-faint"
        />
        <input
          ref={field}
          type="search"
          name={name}
          defaultValue={defaultValue}
          placeholder={label}
          aria-label={label}
          autoComplete="off"
          spellCheck={false}
          className={`${CONTROL_CLASS_NAME} h-8 pl-8`}
          onChange={(event) => {
            const form = event.currentTarget.form;
            clearTimeout(timer.current);
            timer.current = setTimeout(() => form?.requestSubmit(), TYPING_PAUSE_MS);
          }}
        />
      </Form>
    </search>
  );
}
