import { invalidField } from '@/lib/core/error';
import { textOf } from '../../form-text';

const TYPE_PREFIX = 'type:';
const ORGANIZATION_PREFIX = 'org:';

/** The name of the checkbox of an event type. Names differ, so that what was chosen is there again after a mistake. */
export function typeFieldOf(type: string): string {
  return TYPE_PREFIX + type;
}

/** The name of the checkbox of an organization. */
export function organizationFieldOf(id: string): string {
  return ORGANIZATION_PREFIX + id;
}

function checkedOf(form: FormData, prefix: string): string[] {
  return [...form.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** What the form of an endpoint says. @throws invalid_argument on `types` or `organizations` when "only these" has none of them */
export function readEndpointForm(form: FormData): {
  url: string;
  description: string;
  eventTypes: string[];
  organizationIds: string[];
} {
  const isEvery = (name: string) => textOf(form, name) !== 'chosen';
  const eventTypes = isEvery('types') ? [] : checkedOf(form, TYPE_PREFIX);
  const others = textOf(form, 'organization_ids')
    .split(/[\s,]+/)
    .filter(Boolean);
  const organizationIds = isEvery('organizations') ? [] : [...checkedOf(form, ORGANIZATION_PREFIX), ...others];
  if (!isEvery('types') && eventTypes.length === 0) {
    throw invalidField('types', 'Choose at least one event, or all of them.');
  }
  if (!isEvery('organizations') && organizationIds.length === 0) {
    throw invalidField('organizations', 'Choose at least one organization, or all of them.');
  }
  return { url: textOf(form, 'url'), description: textOf(form, 'description'), eventTypes, organizationIds };
}

/** The moment that a date and time field says, which is in UTC; undefined when it says none. */
export function readUtcTime(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/.test(text)) return undefined;
  const time = new Date(`${text}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** A moment as a date and time field holds it, in UTC, to the minute. */
export function writeUtcTime(time: Date): string {
  return time.toISOString().slice(0, 16);
}
