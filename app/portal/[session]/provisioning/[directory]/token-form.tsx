'use client';

import { useActionState } from 'react';
import { RelativeTime } from '@/components/ui/relative-time';
import { Button } from '@/components/ui/button';
import { FormError } from '@/components/ui/notice';
import { SecretField } from '@/components/ui/secret-field';
import type { TokenState } from '../actions';

/** A token that works, without the token itself. */
export interface LiveToken {
  readonly id: string;
  readonly suffix: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

const MAX_LIVE = 2;

function TokenLine({ token }: { token: LiveToken }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
      <span>
        Ends in <span className="font-mono text-sm">{token.suffix}</span>
      </span>
      <span className="text-sm text-ink-soft">
        Made <RelativeTime at={token.createdAt} />,{' '}
        {token.lastUsedAt ? (
          <>
            last used <RelativeTime at={token.lastUsedAt} />
          </>
        ) : (
          'not used yet'
        )}
      </span>
    </li>
  );
}

/** What may be done when a token exists: a second one, or one that takes its place. */
function Renewal({ tokens, providerName }: { tokens: readonly LiveToken[]; providerName: string }) {
  const isFull = tokens.length >= MAX_LIVE;
  return (
    <details>
      <summary className="cursor-pointer rounded-sm text-ink-soft underline underline-offset-2 hover:text-ink">
        The token is lost, or should be changed
      </summary>
      <div className="mt-3 space-y-4 rounded-lg border border-line p-3 sm:p-4">
        {isFull ? (
          <div className="space-y-2">
            <p className="text-ink-soft">
              Two tokens work now, which is the most. Revoke the one that {providerName} no longer uses.
            </p>
            <div className="flex flex-wrap gap-2">
              {tokens.map((token) => (
                <Button key={token.id} name="mode" value={`revoke:${token.id}`}>
                  Revoke …{token.suffix}
                </Button>
              ))}
            </div>
          </div>
        ) : (
          <div className="space-y-2">
            <p className="text-ink-soft">
              Make a second token: both work, so nothing is interrupted while you paste the new one in {providerName}.
            </p>
            <Button name="mode" value="add">
              Make a second token
            </Button>
          </div>
        )}
        <div className="space-y-2">
          <p className="text-ink-soft">
            Or replace: {isFull ? 'both tokens stop' : 'the old token stops'} at once, and {providerName} is refused
            until it has the new one.
          </p>
          <Button name="mode" value="replace" variant="danger">
            Replace now
          </Button>
        </div>
      </div>
    </details>
  );
}

/** Makes a token and shows it once. */
export function TokenForm({
  action,
  field,
  tokens,
  providerName,
}: {
  action: (state: TokenState, form: FormData) => Promise<TokenState>;
  /** What the provider calls the token. */
  field: string;
  tokens: readonly LiveToken[];
  providerName: string;
}) {
  const [state, submit] = useActionState(action, {});
  const { token, done, error } = state;
  return (
    <form action={submit} id="token" className="scroll-mt-4 space-y-3">
      {token ? (
        <SecretField label={field} value={token} size="large" />
      ) : (
        <div className="space-y-1.5">
          <p className="font-medium">{field}</p>
          {tokens.length === 0 ? (
            <>
              <p className="text-sm text-ink-soft">
                It is shown once, when it is made. Have {providerName} open before you make it.
              </p>
              <Button name="mode" value="add" variant="primary" size="large">
                Make the token
              </Button>
            </>
          ) : (
            <p className="text-sm text-ink-soft">It was shown when it was made and cannot be shown again.</p>
          )}
        </div>
      )}
      <FormError>{error}</FormError>
      <output className="block text-sm text-success-ink">{done}</output>
      {tokens.length > 0 && (
        <>
          <ul aria-label="Tokens that work" className="divide-y divide-line border-y border-line">
            {tokens.map((item) => (
              <TokenLine key={item.id} token={item} />
            ))}
          </ul>
          <Renewal key={tokens.map((item) => item.id).join()} tokens={tokens} providerName={providerName} />
        </>
      )}
    </form>
  );
}
