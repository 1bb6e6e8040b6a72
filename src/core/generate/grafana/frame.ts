import { build, printExpr } from '../../promql/index.ts';
import type { Service } from '../../slo/index.ts';
import { header } from '../mark.ts';
import { recorded } from '../names.ts';
import type { AnnotationQuery, Board, Link, TimePicker, Variable } from './board.ts';
import type { RowDraft } from './draft.ts';
import { chosenSource, placeRows } from './layout.ts';
import { boardPath } from './names.ts';

/**
 * The form of boards that Grafana 10.4 writes. It is the newest that the oldest supported Grafana knows; those that are newer migrate it
 * when they load a board.
 */
const schemaVersion = 39;

/** Everything about a board that is not its panels. */
export interface Frame {
  readonly uid: string;
  readonly title: string;
  readonly services: readonly Service[];
  readonly tags: readonly string[];
  readonly variables: readonly Variable[];
  readonly annotations: readonly AnnotationQuery[];
  readonly links: readonly Link[];
  /** How far back the board looks at first. */
  readonly from: string;
}

/** A whole board. */
export function boardOf(frame: Frame, rows: readonly RowDraft[]): Board {
  const { uid, title, services, tags, variables, annotations, links, from } = frame;
  return {
    uid,
    title,
    description: header(services, 'What its panels show: docs/reference/dashboards.md of Nines.').replace('\n', ' '),
    tags: ['nines', ...tags],
    timezone: 'browser',
    editable: true,
    graphTooltip: 1,
    time: { from, to: 'now' },
    timepicker,
    refresh: '1m',
    schemaVersion,
    templating: { list: [sourceVariable, ...variables] },
    annotations: { list: [ownAnnotations, ...annotations] },
    links: [...links, ...presets(uid)],
    panels: placeRows(rows),
  };
}

/** Short, medium and long term: an incident, a week, a period. */
const lengths = [
  ['24 h', 'now-24h', 'Last 24 hours'],
  ['7 d', 'now-7d', 'Last 7 days'],
  ['30 d', 'now-30d', 'Last 30 days'],
] as const;

const timepicker: TimePicker = {
  refresh_intervals: ['30s', '1m', '5m', '15m', '1h'],
  quick_ranges: [
    { display: 'Last hour', from: 'now-1h', to: 'now' },
    { display: 'Last 6 hours', from: 'now-6h', to: 'now' },
    ...lengths.map(([, from, display]) => ({ display, from, to: 'now' })),
    { display: 'Last 90 days', from: 'now-90d', to: 'now' },
  ],
};

/** The same as links above the board, for Grafanas whose time picker takes no ranges of ours. */
function presets(uid: string): readonly Link[] {
  return lengths.map(([title, from, tooltip]) =>
    link({ title, tooltip, url: `${boardPath(uid)}?from=${from}&to=now`, icon: 'dashboard', includeVars: true }),
  );
}

type LinkFacts = Pick<Link, 'title' | 'tooltip'> & { readonly url: string } & Partial<Omit<Link, 'url'>>;

/** A link to an address. */
export function link(facts: LinkFacts): Link {
  return {
    type: 'link',
    icon: 'external link',
    tags: [],
    asDropdown: false,
    targetBlank: false,
    includeVars: false,
    keepTime: false,
    ...facts,
  };
}

/** A menu of the boards with a tag. */
export function boardMenu(title: string, tooltip: string, tags: readonly string[]): Link {
  return {
    title,
    tooltip,
    type: 'dashboards',
    icon: 'external link',
    tags,
    asDropdown: true,
    targetBlank: false,
    includeVars: true,
    keepTime: true,
  };
}

const sourceVariable: Variable = {
  type: 'datasource',
  name: 'datasource',
  label: 'Data source',
  query: 'prometheus',
  hide: 0,
  refresh: 1,
  sort: 0,
  regex: '',
  multi: false,
  includeAll: false,
};

/** A choice among the values of a label, all of them at first. `.*` matches series without the label too. */
export function labelVariable(
  name: string,
  label: string,
  title: string,
  from: ReturnType<typeof build.selector>,
): Variable {
  return {
    type: 'query',
    name,
    label: title,
    query: { query: `label_values(${printExpr(from)}, ${label})`, refId: name },
    datasource: chosenSource,
    hide: 0,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: ['All'], value: ['$__all'] },
  };
}

/** A condition on a label by the variable of the same name. */
export function chosen(name: string): readonly ['=~', string] {
  return ['=~', `$${name}`];
}

/** Grafana's own annotations, which belong to every board. */
const ownAnnotations: AnnotationQuery = {
  name: 'Annotations & Alerts',
  builtIn: 1,
  type: 'dashboard',
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: true,
  hide: true,
  iconColor: 'rgba(0, 211, 255, 1)',
};

/** When alerts fired, from what Prometheus records of them. */
export function alertAnnotations(conditions: build.Conditions): AnnotationQuery {
  const { selector } = build;
  return {
    name: 'Alerts',
    datasource: chosenSource,
    enable: true,
    iconColor: 'red',
    expr: printExpr(selector('ALERTS', { ...conditions, alertstate: 'firing' })),
    step: '60s',
    titleFormat: '{{alertname}} ({{severity}})',
    textFormat: '{{service}} {{slo}} {{window}}',
    tagKeys: 'severity,window',
    useValueForTime: false,
  };
}

/** What people and pipelines write into Grafana with a tag and the service's name: incidents, deployments. */
export function taggedAnnotations(name: string, color: string, tags: readonly string[]): AnnotationQuery {
  return {
    name,
    datasource: { type: 'grafana', uid: '-- Grafana --' },
    enable: true,
    iconColor: color,
    target: { type: 'tags', tags, matchAny: false, limit: 100, refId: 'Anno' },
  };
}

/** The objectives that are known, by what their rules say of them. */
export function knownObjectives(conditions: build.Conditions = {}): ReturnType<typeof build.selector> {
  return build.selector(recorded.info, conditions);
}
