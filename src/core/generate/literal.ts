/** A text of the user's in a template: braces that would open an action are printed by one. */
export function literal(text: string): string {
  return text.includes('{{') ? text.replaceAll('{{', '{{ "{{" }}') : text;
}
