import type { YamlNode } from '../../yaml/index.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

/** Keys of Alertmanager and Prometheus that have a sibling ending in `_file`. */
const secrets =
  /^(?:service_key|routing_key|api_key|api_url|slack_api_url|auth_password|smtp_auth_password|smtp_auth_secret|password|bearer_token|credentials|bot_token|token|user_key|opsgenie_api_key|victorops_api_key|wechat_api_secret|webhook_url|client_secret|secret_key)$/;

export const secretInline: DocumentCheck = {
  id: 'secret-inline',
  severity: 'warning',
  meaning: 'A key, a token or a URL that is one stands in a configuration in plain text.',
  remedy: 'name a file that holds it: the key with `_file` at its end',
  inspect: ({ yaml, kind }) =>
    yaml.flatMap((block) => {
      const found: DocumentFinding[] = [];
      const open: YamlNode[] = [...block.roots];
      for (let node = open.pop(); node !== undefined; node = open.pop()) {
        if (node.kind === 'list') open.push(...node.items.filter((item) => item.kind !== 'scalar'));
        if (node.kind !== 'map' || kind === 'rules') continue;
        for (const { key, value } of node.entries) {
          if (value.kind !== 'scalar') open.push(value);
          else if (
            secrets.test(key) &&
            typeof value.value === 'string' &&
            value.text !== '' &&
            !/^\$\{?\w+\}?$|^<\w+>$/.test(value.text)
          ) {
            const help = `write \`${key}_file:\` with the path of a file that holds it`;
            found.push({ message: `\`${key}\` stands in plain text`, help, span: placed(block, value.span) });
          }
        }
      }
      return found;
    }),
};
