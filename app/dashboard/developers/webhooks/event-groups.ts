import { EVENT_TYPES, type EventType } from '@/lib/domain/event/types';

const GROUPS: readonly (readonly [title: string, pattern: RegExp])[] = [
  ['Directory users', /^organization\.directory\.user_/],
  ['Directory groups', /^organization\.directory\.group_/],
  ['Members', /^user\./],
  ['Directories', /^organization\.directory(_|\.(?!user_|group_))/],
  ['Organizations', /^organization\.[a-z]+$/],
  ['Roles and permissions', /^(role|permission)\./],
  ['Domains', /^organization\.domain_/],
  ['Single sign-on', /^organization\.sso_/],
];

/** All event types, as a form shows them: what most applications need stands first. */
export const EVENT_GROUPS: readonly { title: string; types: readonly EventType[] }[] = GROUPS.map(
  ([title, pattern]) => ({ title, types: EVENT_TYPES.filter((type) => pattern.test(type)) }),
);
