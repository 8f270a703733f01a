import * as connection from './tables/connection';
import * as deprovisioning from './tables/deprovisioning';
import * as directory from './tables/directory';
import * as event from './tables/event';
import * as idempotency from './tables/idempotency';
import * as installation from './tables/installation';
import * as loop from './tables/loop';
import * as member from './tables/member';
import * as organization from './tables/organization';
import * as role from './tables/role';
import * as run from './tables/run';
import * as webhook from './tables/webhook';

/** Every table that drizzle knows. The provisioning log is partitioned by day, which drizzle cannot express: see `drizzle/`. */
export const schema = {
  ...installation,
  ...organization,
  ...directory,
  ...deprovisioning,
  ...event,
  ...connection,
  ...role,
  ...run,
  ...member,
  ...idempotency,
  ...loop,
  ...webhook,
};
