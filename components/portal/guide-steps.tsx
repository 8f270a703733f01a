import type { GuideMapping, GuideStep, GuideValue } from '@/lib/providers/provider';
import { TriangleAlert } from 'lucide-react';
import { CopyField } from '@/components/ui/copy-field';
import { endpointFor } from '@/lib/providers/registry';
import { MarkedText } from './marked-text';

function Value({ value, endpoint, tokenHref }: { value: GuideValue; endpoint: string; tokenHref: string }) {
  if (value.kind === 'token') {
    return (
      <div>
        <p className="font-medium">{value.field}</p>
        <p className="text-ink-soft">
          <a href={tokenHref} className="text-ink underline underline-offset-2">
            The token
          </a>
          , which is shown once when it is made.
        </p>
      </div>
    );
  }
  const text = value.kind === 'endpoint' ? endpointFor(value, endpoint) : value.text;
  return <CopyField label={value.field} value={text} hint={value.hint} />;
}

function Mappings({ rows, provider }: { rows: readonly GuideMapping[]; provider: string }) {
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="border-b border-line text-left text-ink-soft">
          <th className="py-1.5 pr-3 font-medium">{provider}</th>
          <th className="py-1.5 font-medium">Sent as</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.source + row.target} className="border-b border-line last:border-b-0">
            <td className="py-1.5 pr-3 wrap-anywhere">{row.source}</td>
            <td className="py-1.5 font-mono wrap-anywhere">{row.target}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Props of {@link GuideSteps}. */
export interface GuideStepsProps {
  steps: readonly GuideStep[];
  /** Number of the first one. */
  from?: number;
  /** Name of the provider. */
  provider: string;
  /** The directory's endpoint, without flags. */
  endpoint: string;
  /** Where the token is made. */
  tokenHref: string;
}

/** The steps at the provider, numbered, each with what to click, what to paste and what to expect. */
export function GuideSteps({ steps, from = 1, provider, endpoint, tokenHref }: GuideStepsProps) {
  return (
    <ol className="space-y-8">
      {steps.map((step, index) => (
        <li key={step.id} id={step.id} className="flex scroll-mt-4 gap-3 sm:gap-4">
          <span
            aria-hidden="true"
            className="grid size-7 shrink-0 place-items-center rounded-full border border-line-strong text-sm font-medium text-ink-soft tabular-nums"
          >
            {from + index}
          </span>
          <div className="min-w-0 flex-1 space-y-3">
            <h3 className="pt-0.5 text-lg font-semibold">{step.title}</h3>
            <ol className="space-y-1.5 text-ink-soft">
              {step.clicks.map((click) => (
                <li key={click}>
                  <MarkedText>{click}</MarkedText>
                </li>
              ))}
            </ol>
            {step.values && (
              <div className="space-y-3 rounded-lg border border-line bg-surface p-3 sm:p-4">
                {step.values.map((value) => (
                  <Value key={value.field} {...{ value, endpoint, tokenHref }} />
                ))}
              </div>
            )}
            {step.mappings && <Mappings rows={step.mappings} provider={provider} />}
            {step.expect && (
              <p className="text-ink-soft">
                <span className="font-medium text-ink">What you see: </span>
                <MarkedText>{step.expect}</MarkedText>
              </p>
            )}
            {step.caution && (
              <p className="flex gap-2 text-ink-soft">
                <TriangleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-warning" />
                <span>
                  <MarkedText>{step.caution}</MarkedText>
                </span>
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
