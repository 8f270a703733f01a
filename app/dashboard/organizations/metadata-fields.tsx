'use client';

import { clsx } from 'clsx';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { CONTROL_CLASS_NAME } from '@/components/ui/field';
import { ORGANIZATION_LIMITS } from '@/lib/domain/organization/types';
import { metadataInputNames } from './metadata-inputs';

const ROWS = Array.from({ length: ORGANIZATION_LIMITS.metadataPairs }, (_, row) => row);

/**
 * Key and value pairs. All ten rows are in the form; those that are not needed yet stay hidden until they are asked for, or until
 * there is no script to ask.
 */
export function MetadataFields({ values }: { values: Readonly<Record<string, string>> }) {
  const filled = ROWS.filter((row) => {
    const names = metadataInputNames(row);
    return values[names.key] || values[names.value];
  });
  const [shownCount, setShownCount] = useState(Math.min(ROWS.length, Math.max(1, (filled.at(-1) ?? -1) + 1)));
  return (
    <fieldset>
      <legend className="flex w-full items-baseline justify-between font-medium">
        Metadata <span className="text-xs font-normal text-ink-faint">Optional</span>
      </legend>
      <p className="mt-0.5 mb-1.5 text-sm text-ink-soft">
        Up to {ROWS.length} pairs that your application reads back with the organization.
      </p>
      <div className="space-y-2">
        {ROWS.map((row) => {
          const names = metadataInputNames(row);
          return (
            <div
              key={row}
              className={clsx(
                'grid-cols-[minmax(0,1fr)_minmax(0,2fr)] gap-2',
                row < shownCount ? 'grid' : 'hidden noscript:grid',
              )}
            >
              <input
                name={names.key}
                defaultValue={values[names.key]}
                aria-label={`Metadata key ${row + 1}`}
                placeholder="key"
                autoComplete="off"
                spellCheck={false}
                maxLength={ORGANIZATION_LIMITS.metadataKey}
                className={`${CONTROL_CLASS_NAME} h-8 font-mono sm:text-sm`}
              />
              <textarea
                name={names.value}
                defaultValue={values[names.value]}
                aria-label={`Metadata value ${row + 1}`}
                placeholder="value"
                rows={1}
                autoComplete="off"
                spellCheck={false}
                className={`${CONTROL_CLASS_NAME} field-sizing-content min-h-8 resize-none py-1 font-mono sm:py-[5px] sm:text-sm`}
              />
            </div>
          );
        })}
      </div>
      {shownCount < ROWS.length && (
        <Button
          type="button"
          variant="quiet"
          size="small"
          className="mt-2 -ml-2.5 noscript:hidden"
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() => setShownCount(shownCount + 1)}
        >
          Add a pair
        </Button>
      )}
    </fieldset>
  );
}
