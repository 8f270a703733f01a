/** Browsers accept the prefix over https only, and then only for this host and the whole of it. */
export const SECURE_COOKIE_NAME = '__Host-gatehouse.session';
/** Over plain http, where browsers refuse the prefix. */
export const PLAIN_COOKIE_NAME = 'gatehouse.session';

/** Every name that the cookie may have, for whoever only asks whether there is one. */
export const SESSION_COOKIE_NAMES = [SECURE_COOKIE_NAME, PLAIN_COOKIE_NAME] as const;
