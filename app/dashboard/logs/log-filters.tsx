'use client';

import type { SelectProps } from '@/components/ui/field';
import Form from 'next/form';
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Select, TextField } from '@/components/ui/field';
import { useFollowedValue } from '@/components/ui/use-followed-value';

/** A pause in typing after which the list is read again. */
const TYPING_PAUSE_MS = 300;

/** Props of {@link LogFilters}. */
export interface LogFiltersProps {
  action: string;
  organizations: SelectProps['options'];
  /** Those of the chosen organization; empty while none is chosen. */
  directories: SelectProps['options'];
  values: Readonly<Record<'organization' | 'directory' | 'outcome' | 'q', string>>;
  isLive: boolean;
}

/** The log's filters, which live in its address. They take effect at once; without script by a button. */
export function LogFilters({ action, organizations, directories, values, isLive }: LogFiltersProps) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const text = useRef<HTMLInputElement>(null);
  const organization = useRef<HTMLSelectElement>(null);
  const directory = useRef<HTMLSelectElement>(null);
  const outcome = useRef<HTMLSelectElement>(null);
  useFollowedValue(text, values.q);
  useFollowedValue(organization, values.organization);
  useFollowedValue(directory, values.directory);
  useFollowedValue(outcome, values.outcome);
  return (
    <search>
      <Form action={action} replace scroll={false} className="grid items-end gap-3 sm:grid-cols-2 lg:flex">
        {isLive && <input type="hidden" name="live" value="1" />}
        <div className="lg:flex-1">
          <TextField
            ref={text}
            label="Text"
            name="q"
            type="search"
            defaultValue={values.q}
            placeholder="Name, id, path or request id"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              const { form } = event.currentTarget;
              clearTimeout(timer.current);
              timer.current = setTimeout(() => form?.requestSubmit(), TYPING_PAUSE_MS);
            }}
          />
        </div>
        <div className="lg:w-52">
          <Select
            ref={organization}
            label="Organization"
            name="organization"
            options={organizations}
            defaultValue={values.organization}
            onChange={(event) => {
              // The directories to choose from are those of the organization that was left.
              if (directory.current) directory.current.value = '';
              event.currentTarget.form?.requestSubmit();
            }}
          />
        </div>
        {directories.length > 0 && (
          <div className="lg:w-44">
            <Select
              key={values.organization}
              ref={directory}
              label="Directory"
              name="directory"
              options={directories}
              defaultValue={values.directory}
              onChange={(event) => event.currentTarget.form?.requestSubmit()}
            />
          </div>
        )}
        <div className="lg:w-36">
          <Select
            ref={outcome}
            label="Outcome"
            name="outcome"
            options={[
              { value: '', label: 'All' },
              { value: 'ok', label: 'OK' },
              { value: 'failed', label: 'Refused or failed' },
            ]}
            defaultValue={values.outcome}
            onChange={(event) => event.currentTarget.form?.requestSubmit()}
          />
        </div>
        <div className="hidden noscript:block">
          <Button>Filter</Button>
        </div>
      </Form>
    </search>
  );
}
