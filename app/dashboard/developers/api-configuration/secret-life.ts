import { invalidField } from '@/lib/core/error';

const DAY_MS = 86_400_000;

/** How long a new secret may live, in days; an empty value is for ever. */
export const LIFE_OPTIONS = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
] as const;

/** How long a replaced secret goes on working, in seconds. */
export const OVERLAP_OPTIONS = [
  { value: '86400', label: 'For a day' },
  { value: '3600', label: 'For an hour' },
  { value: '604800', label: 'For 7 days' },
  { value: '0', label: 'Not any more' },
] as const;

/** When a secret made at `now` ends, by the chosen option. @throws invalid_argument for one that is not offered */
export function readExpiry(value: string, now: Date): Date | undefined {
  if (!LIFE_OPTIONS.some((option) => option.value === value)) {
    throw invalidField('expires', 'Choose when the secret expires.');
  }
  return value === '' ? undefined : new Date(now.getTime() + Number(value) * DAY_MS);
}
