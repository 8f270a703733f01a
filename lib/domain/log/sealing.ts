/** Binds sealed bodies to their column. */
export const BODIES_PURPOSE = 'exchange.sealed_bodies';
