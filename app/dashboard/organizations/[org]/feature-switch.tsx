'use client';

import type { ReactNode } from 'react';
import { AutoSubmit } from '@/components/ui/auto-submit';
import { Switch } from '@/components/ui/choice';
import { useFormAction } from '../../use-form-action';
import { HiddenFields } from '../../hidden-fields';
import { setFeatureAction } from './actions';

/** Props of {@link FeatureSwitch}. */
export interface FeatureSwitchProps {
  organizationId: string;
  feature: string;
  label: ReactNode;
  hint: ReactNode;
  isOn: boolean;
}

/** A feature of an organization; switching it takes effect at once. */
export function FeatureSwitch({ organizationId, feature, label, hint, isOn }: FeatureSwitchProps) {
  const { state, submit } = useFormAction(setFeatureAction);
  return (
    <AutoSubmit action={submit}>
      <HiddenFields fields={{ organization_id: organizationId, feature }} />
      <Switch name="enabled" label={label} hint={hint} defaultChecked={isOn} error={state.message} />
    </AutoSubmit>
  );
}
