/** Binds sealed client secrets to their column. */
export const CLIENT_SECRET_PURPOSE = 'connection.sealed_client_secret';
