import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type DomainSchema,
  DomainType,
  VerificationMethod,
  VerificationStatus,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb.js';
import type { EmailDomain, EmailDomainType } from '@/lib/domain/email-domain/types';

/** The type that a request names; undefined if it names none. */
export function readDomainType(type: DomainType): EmailDomainType | undefined {
  if (type === DomainType.ALLOWED_EMAIL_DOMAIN) return 'ALLOWED_EMAIL_DOMAIN';
  return type === DomainType.ORGANIZATION_DOMAIN ? 'ORGANIZATION_DOMAIN' : undefined;
}

/** A domain as the contract has it. */
export function writeDomain(domain: EmailDomain): MessageInitShape<typeof DomainSchema> {
  return {
    id: domain.id,
    domain: domain.domain,
    environmentId: domain.environmentId,
    organizationId: domain.organizationId,
    txtRecordKey: domain.txtRecordKey,
    txtRecordSecret: domain.txtRecordSecret,
    verificationStatus: VerificationStatus[domain.status],
    createTime: timestampFromDate(domain.createdAt),
    updateTime: timestampFromDate(domain.updatedAt),
    domainType: DomainType[domain.type],
    verificationMethod: VerificationMethod[domain.method],
  };
}
