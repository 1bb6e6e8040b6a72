import { type ReactNode, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatTime, formatTimes, unknownText } from './format.ts';

export interface ChartLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** The custom property of app.css that holds its colour. */
  readonly color: '--line' | '--line-bad' | '--muted';
  readonly fill?: boolean;
}

interface TimeChartProps {
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly timestamps: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly format: (value: number | null) => string;
  /** A level to compare with: the target, or zero budget. */
  readonly reference?: { readonly label: string; readonly value: number };
}

const height = 220;

/** A chart over time by uPlot. All charts of a page share their cursor. */
export function TimeChart(props: TimeChartProps): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  const newest = newestOf(props);
  useEffect(() => {
    const element = holder.current;
    if (element === null || newest === undefined) return;
    const chart = new uPlot(options(props, newest, element), columns(props), element);
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [props, newest]);
  return (
    <figure className="chart">
      <figcaption>{props.title}</figcaption>
      {newest === undefined ? (
        <p className="empty">No data in this time.</p>
      ) : (
        <div ref={holder} role="img" aria-label={describe(props)} />
      )}
    </figure>
  );
}

/** Where the newest value of any line stands; undefined if there is none. */
function newestOf({ timestamps, lines }: TimeChartProps): number | undefined {
  const index = timestamps.findLastIndex((_time, at) => lines.some(({ values }) => typeof values[at] === 'number'));
  return index < 0 ? undefined : index;
}

function columns({ timestamps, lines, reference }: TimeChartProps): uPlot.AlignedData {
  const seconds = timestamps.map((time) => time / 1000);
  const level = reference === undefined ? [] : [timestamps.map(() => reference.value)];
  return [seconds, ...lines.map(({ values }) => [...values]), ...level];
}

function options({ lines, reference, format }: TimeChartProps, newest: number, element: HTMLElement): uPlot.Options {
  // Without a cursor the legend tells how things stand.
  const showNewest = (chart: uPlot): void => {
    if (typeof chart.legend.idx !== 'number') chart.setLegend({ idx: newest }, false);
  };
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const shown = (_chart: uPlot, value: number | null): string => format(value);
  const axis: uPlot.Axis = {
    stroke: color('--muted'),
    grid: { stroke: color('--grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height,
    cursor: { sync: { key: 'slo' }, points: { size: 7 } },
    hooks: { ready: [showNewest], setLegend: [showNewest] },
    series: [
      { label: 'Time', value: (_chart, time) => (typeof time === 'number' ? formatTime(time) : unknownText) },
      ...lines.map(
        (line): uPlot.Series => ({
          label: line.label,
          stroke: color(line.color),
          width: 1.5,
          points: { show: false },
          value: shown,
          ...(line.fill === true ? { fill: color('--line-fill') } : {}),
        }),
      ),
      ...(reference === undefined
        ? []
        : [
            {
              label: reference.label,
              stroke: color('--target'),
              width: 1.5,
              dash: [6, 4],
              points: { show: false },
              value: shown,
            },
          ]),
    ],
    axes: [
      { ...axis, values: (_chart, ticks) => [...formatTimes(ticks)] },
      { ...axis, size: 72, values: (_chart, ticks) => ticks.map((tick) => format(tick)) },
    ],
  };
}

/** What the picture shows, for those who don't see it. */
function describe({ title, lines, format }: TimeChartProps): string {
  const parts = lines.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    const last = known.at(-1);
    if (last === undefined) return `${label}: no data`;
    const lowest = known.reduce((a, b) => Math.min(a, b));
    const highest = known.reduce((a, b) => Math.max(a, b));
    return `${label}: now ${format(last)}, lowest ${format(lowest)}, highest ${format(highest)}`;
  });
  return `${title}. ${parts.join('; ')}`;
}
