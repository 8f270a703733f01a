'use client';

import type { RoleMappingEditorProps } from '@/components/provisioning/role-mapping-editor';
import type { FormState } from '@/lib/adapters/action';
import { RoleMappingEditor } from '@/components/provisioning/role-mapping-editor';
import { applyRolesAction, previewRolesAction } from './actions';

function whyNot(state: FormState): string {
  return state.message ?? Object.values(state.fieldErrors ?? {})[0] ?? 'This did not work. Reload the page.';
}

/** The editor of a directory's mapping, for operators. */
export function RolesEditor(props: Omit<RoleMappingEditorProps, 'preview' | 'apply'>) {
  return (
    <RoleMappingEditor
      {...props}
      preview={async (form) => {
        const state = await previewRolesAction({}, form);
        return state.data ? { preview: state.data } : { error: whyNot(state) };
      }}
      apply={async (form) => {
        const state = await applyRolesAction({}, form);
        return state.ok ? { done: state.message ?? 'Done' } : { error: whyNot(state) };
      }}
    />
  );
}
