import type { JsonToken } from './json-tokens';
import { CodeBlock } from './code-block';
import { printJson, splitJson } from './json-tokens';

const INKS: Record<JsonToken['kind'], string | undefined> = {
  key: 'text-accent-ink',
  string: 'text-success-ink',
  number: 'text-warning-ink',
  word: 'text-danger-ink',
  plain: undefined,
};

/** Props of {@link JsonView}. */
export interface JsonViewProps {
  /** A value, or text that is JSON. */
  value: unknown;
  title: string;
  /** A CSS height after which it scrolls. Default `32rem`. */
  maxHeight?: string;
}

/** A JSON document, indented and coloured, with a copy button. Safe for anything a client may have sent. */
export function JsonView({ value, title, maxHeight = '32rem' }: JsonViewProps) {
  const text = printJson(value);
  return (
    <CodeBlock code={text} title={title} maxHeight={maxHeight}>
      {splitJson(text).map((token, index) =>
        token.kind === 'plain' ? (
          token.text
        ) : (
          <span key={index} className={INKS[token.kind]}>
            {token.text}
          </span>
        ),
      )}
    </CodeBlock>
  );
}
