import { StepHeader } from '@/components/portal/step-header';
import type { Directory } from '@/lib/domain/directory/types';
import { chooseProvider } from './actions';
import { ProviderGrid } from './provider-grid';
import { toProviderChoices } from './provider-choices';

/** The first decision: which provider. */
export function ChooseProvider({
  sessionId,
  organizationName,
  directories,
}: {
  sessionId: string;
  organizationName: string;
  directories: readonly Directory[];
}) {
  return (
    <>
      <StepHeader
        title="Connect your directory"
        description={`Choose where ${organizationName} keeps its people. From there they and their groups arrive here by themselves, and leave when they leave you.`}
      />
      <ProviderGrid providers={toProviderChoices(directories)} action={chooseProvider.bind(null, sessionId)} />
      <p className="mt-4 text-sm text-ink-soft">
        Not in the list? Choose Custom SCIM 2.0: every provider that speaks SCIM 2.0 can connect.
      </p>
    </>
  );
}
