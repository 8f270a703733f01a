import { AppError, type FieldViolation } from '@/lib/core/error';
import { hasControlCharacter } from '@/lib/core/text';
import { MEMBER_LIMITS as LIMITS, type UserProfile } from './types';

/** One `@` with something before it and a host after it. Whether mail arrives there is not a matter of syntax. */
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/** What may be said of a person. Undefined leaves a field as it is. */
export interface UserFields {
  /** Empty for none. */
  readonly externalId?: string;
  readonly profile?: Partial<UserProfile>;
  /** All metadata of the person. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What may be said of a membership. Undefined leaves a field as it is. */
export interface MembershipFields {
  /** All metadata of the membership. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly inviterEmail?: string;
}

type Report = (field: string, description: string) => unknown;

/** Throws `invalid_argument` with the fields whose values no person and no membership can have. */
export function checkFields(user: UserFields & { readonly email?: string }, membership: MembershipFields = {}): void {
  const violations: FieldViolation[] = [];
  const add: Report = (field, description) => violations.push({ field, description });
  if (user.email !== undefined) checkEmail('email', user.email, add);
  const { externalId, profile, metadata } = user;
  if (externalId && (externalId.length > LIMITS.externalId || hasControlCharacter(externalId))) {
    add('external_id', `The external id may have at most ${LIMITS.externalId} characters, and no control characters.`);
  }
  if (metadata) checkPairs('metadata', metadata, add);
  if (profile) checkProfile(profile, add);
  if (membership.metadata) checkPairs('membership.metadata', membership.metadata, add);
  if (membership.inviterEmail) checkEmail('membership.inviter_email', membership.inviterEmail, add);
  const [first] = violations;
  if (first) throw new AppError('invalid_argument', first.description, { fieldViolations: violations });
}

function checkEmail(field: string, email: string, add: Report): void {
  if (email.length > LIMITS.email || !EMAIL.test(email) || hasControlCharacter(email)) {
    add(field, `Give an email address of at most ${LIMITS.email} characters, such as ada@example.com.`);
  }
}

const TEXTS = {
  givenName: 'given_name',
  familyName: 'family_name',
  name: 'name',
  locale: 'locale',
  phoneNumber: 'phone_number',
  preferredUsername: 'preferred_username',
  picture: 'picture',
  gender: 'gender',
} as const;

function checkProfile(profile: Partial<UserProfile>, add: Report): void {
  for (const [key, name] of Object.entries(TEXTS) as [keyof typeof TEXTS, string][]) {
    const text = profile[key];
    if (text !== undefined && (text.length > LIMITS[key] || hasControlCharacter(text))) {
      add(`user_profile.${name}`, `${name} may have at most ${LIMITS[key]} characters, and no control characters.`);
    }
  }
  const { groups, customAttributes, metadata } = profile;
  const isListFit = !groups || (groups.length <= LIMITS.groups && new Set(groups).size === groups.length);
  if (!isListFit || groups?.some((each) => each === '' || each.length > LIMITS.group || hasControlCharacter(each))) {
    add('user_profile.groups', `At most ${LIMITS.groups} different names of 1 to ${LIMITS.group} characters.`);
  }
  if (customAttributes) checkPairs('user_profile.custom_attributes', customAttributes, add);
  if (metadata) checkPairs('user_profile.metadata', metadata, add);
}

function checkPairs(field: string, map: Readonly<Record<string, string>>, add: Report): void {
  const pairs = Object.entries(map);
  if (pairs.length > LIMITS.pairs) add(field, `At most ${LIMITS.pairs} pairs.`);
  for (const [key, value] of pairs) {
    const isKeyFit = key.length >= LIMITS.pairKeyMin && key.length <= LIMITS.pairKey;
    if (!isKeyFit || value === '' || value.length > LIMITS.pairValue) {
      add(
        `${field}.${key}`,
        `Keys have ${LIMITS.pairKeyMin} to ${LIMITS.pairKey} characters, values 1 to ${LIMITS.pairValue}.`,
      );
    } else if (`${key}${value}`.includes('\u0000')) add(`${field}.${key}`, 'A NUL character cannot be kept.');
  }
}
