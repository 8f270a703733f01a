import { Feature as WireFeature } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import type { GeneratePortalLinkRequest } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { type Feature, FEATURES } from '@/lib/domain/organization/types';

/** Newer descriptors than ours name this one; REST gives it for `features=domain_verification`. */
const DOMAIN_VERIFICATION = 3;

const NAMES: Readonly<Record<number, Feature>> = {
  [WireFeature.dir_sync]: 'dir_sync',
  [WireFeature.sso]: 'sso',
  [DOMAIN_VERIFICATION]: 'domain_verification',
};

/**
 * The portal tabs that a link is asked to open, or undefined for all that the organization has. `features` and the older
 * switches add up; switches that are only off take their tab away. Features that this contract has no number for are ignored.
 */
export function chooseFeatures(
  request: Pick<GeneratePortalLinkRequest, 'sso' | 'directorySync' | 'features'>,
): Feature[] | undefined {
  const switches: readonly (readonly [Feature, boolean | undefined])[] = [
    ['sso', request.sso],
    ['dir_sync', request.directorySync],
  ];
  const named = request.features.map((feature) => NAMES[feature]);
  const wanted = new Set([...named, ...switches.filter(([, isOn]) => isOn).map(([name]) => name)]);
  const chosen = FEATURES.filter((name) => wanted.has(name));
  if (chosen.length > 0) return chosen;
  const off = new Set(switches.filter(([, isOn]) => isOn === false).map(([name]) => name));
  return off.size === 0 ? undefined : FEATURES.filter((name) => !off.has(name));
}
