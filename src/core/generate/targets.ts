import { alertmanagerTarget } from './alertmanager/configuration.ts';
import { htmlTarget, markdownTarget } from './document/document.ts';
import { grafanaTarget } from './grafana/target.ts';
import { helmTarget, kustomizeTarget, operatorTarget } from './kubernetes/targets.ts';
import { mimirTarget, thanosTarget, vmalertTarget } from './layouts/targets.ts';
import { mixinTarget } from './mixin/target.ts';
import { prometheusTarget } from './prometheus-target.ts';
import { promtoolTarget } from './promtool/target.ts';
import { sqlExporterTarget } from './sql-exporter-target.ts';
import type { ArtefactTarget } from './target.ts';

/** All that definitions can be turned into. A new target is a file of its own and a line here. */
export const artefactTargets: readonly ArtefactTarget[] = [
  prometheusTarget,
  promtoolTarget,
  alertmanagerTarget,
  grafanaTarget,
  markdownTarget,
  htmlTarget,
  operatorTarget,
  kustomizeTarget,
  helmTarget,
  mixinTarget,
  mimirTarget,
  thanosTarget,
  vmalertTarget,
  sqlExporterTarget,
];

/** What is written when nobody says what. */
export const defaultTargets: readonly ArtefactTarget[] = [prometheusTarget];

/** The target of this name, or undefined. */
export function targetNamed(name: string): ArtefactTarget | undefined {
  return artefactTargets.find((target) => target.name === name);
}
