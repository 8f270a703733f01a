import { customType, timestamp } from 'drizzle-orm/pg-core';

/** A moment in time, kept to the millisecond so that a `Date` read back equals the one written. */
export const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });

/** Text that is sorted or compared: by code point on every database, whatever its locale. */
export const codeText = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' });
