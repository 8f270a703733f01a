import type { MessageInitShape } from '@bufbuild/protobuf';
import { TimeUnit } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import {
  type OrganizationSessionPolicySettingsSchema,
  SessionPolicyType,
  type UpdateOrganizationSessionPolicyRequest,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { invalidField } from '@/lib/core/error';
import type { SessionPolicy } from '@/lib/domain/organization/types';

/** Minutes in each unit of the wire. Without a unit a time is in minutes, as answers are. */
const MINUTES: Readonly<Record<number, number>> = {
  [TimeUnit.SESSION_TIME_UNIT_UNSPECIFIED]: 1,
  [TimeUnit.MINUTES]: 1,
  [TimeUnit.HOURS]: 60,
  [TimeUnit.DAYS]: 24 * 60,
};

/** The session policy that a request asks for. Throws `invalid_argument` for a source or a unit that does not exist. */
export function readSessionPolicy(request: UpdateOrganizationSessionPolicyRequest): SessionPolicy {
  if (request.policySource === SessionPolicyType.APPLICATION) return { source: 'APPLICATION' };
  if (request.policySource !== SessionPolicyType.CUSTOM) {
    throw invalidField('policy_source', 'Say APPLICATION for the times of the application, or CUSTOM for others.');
  }
  const { absoluteSessionTimeout, absoluteSessionTimeoutUnit, idleSessionTimeout, idleSessionTimeoutUnit } = request;
  if (absoluteSessionTimeout === undefined) {
    throw invalidField('absolute_session_timeout', 'A custom policy says after how long a session ends.');
  }
  return {
    source: 'CUSTOM',
    absoluteMinutes: toMinutes('absolute_session_timeout', absoluteSessionTimeout, absoluteSessionTimeoutUnit),
    isIdleEnabled: request.idleSessionTimeoutEnabled ?? false,
    idleMinutes:
      idleSessionTimeout === undefined
        ? null
        : toMinutes('idle_session_timeout', idleSessionTimeout, idleSessionTimeoutUnit),
  };
}

function toMinutes(field: string, value: number, unit: TimeUnit = TimeUnit.MINUTES): number {
  const factor = MINUTES[unit];
  if (factor === undefined) throw invalidField(`${field}_unit`, 'The unit is MINUTES, HOURS or DAYS.');
  return value * factor;
}

/** A session policy as the wire shows it: times always in minutes. */
export function writeSessionPolicy(
  policy: SessionPolicy,
): MessageInitShape<typeof OrganizationSessionPolicySettingsSchema> {
  if (policy.source === 'APPLICATION') return { policySource: SessionPolicyType.APPLICATION };
  return {
    policySource: SessionPolicyType.CUSTOM,
    absoluteSessionTimeout: policy.absoluteMinutes,
    absoluteSessionTimeoutUnit: TimeUnit.MINUTES,
    idleSessionTimeoutEnabled: policy.isIdleEnabled,
    ...(policy.idleMinutes !== null && {
      idleSessionTimeout: policy.idleMinutes,
      idleSessionTimeoutUnit: TimeUnit.MINUTES,
    }),
  };
}
