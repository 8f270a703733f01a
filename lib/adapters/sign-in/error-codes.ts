/** What next-auth puts into the address of the sign-in page after a wrong password. */
export const REFUSED = 'CredentialsSignin';
/** The same for a locked account. */
export const LOCKED = 'Locked';
