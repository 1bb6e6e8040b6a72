import { unreachable } from '../../base/index.ts';
import { type Block, type Inline, isList, type Span } from './model.ts';

/** Prints a document as one HTML page that needs nothing else: no script, no font, no picture. `mark` stands in a comment at its top. */
export function printHtml(blocks: readonly Block[], title: string, mark: string): string {
  return `<!doctype html>
<!-- ${mark.replaceAll('--', '- -').split('\n').join(' ')} -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${blocks.map(printBlock).join('\n')}
</main>
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentcolor 18%, transparent); }
body { font: 16px/1.55 system-ui, sans-serif; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; }
h2 { margin-top: 3rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { margin-top: 2.25rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
code { font: .875em/1.5 ui-monospace, monospace; background: color-mix(in srgb, currentcolor 8%, transparent); padding: .1em .3em; border-radius: .25rem; overflow-wrap: anywhere; }
td:first-child code { white-space: nowrap; }
pre { overflow-x: auto; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .4rem; }
pre code { background: none; padding: 0; }
@media print { main { max-width: none; padding: 0; } h2 { break-after: avoid; } table { break-inside: avoid; } }
`;

function printBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level} id="${anchor(block.text)}">${escaped(block.text)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${printInline(block.text)}</p>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${printInline(item)}</li>`).join('')}</${tag}>`;
    }
    case 'table': {
      const head = block.head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('');
      const rows = block.rows.map((row) => `<tr>${row.map((cell) => `<td>${printInline(cell)}</td>`).join('')}</tr>`);
      return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>`;
    }
    case 'code':
      return `<pre><code class="language-${escaped(block.language)}">${escaped(block.text)}</code></pre>`;
    default:
      return unreachable(block);
  }
}

function printInline(inline: Inline): string {
  if (typeof inline === 'string') return escaped(inline);
  return isList(inline) ? inline.map(printInline).join('') : printSpan(inline);
}

function printSpan(span: Span): string {
  switch (span.kind) {
    case 'strong':
      return `<strong>${escaped(span.text)}</strong>`;
    case 'code':
      return `<code>${escaped(span.text)}</code>`;
    case 'link':
      return `<a href="${escaped(span.url)}">${escaped(span.text)}</a>`;
    default:
      return unreachable(span);
  }
}

/** The text as words joined by hyphens, as links within the page name it. */
function anchor(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
