import type * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type * as common from '@grafana/grafana-foundation-sdk/common';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type * as gauge from '@grafana/grafana-foundation-sdk/gauge';
import type * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as text from '@grafana/grafana-foundation-sdk/text';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { expectTypeOf, test } from 'vitest';
import type { Board, Target } from '../../src/core/generate/grafana/board.ts';
import type {
  BarGaugeOptions,
  GaugeOptions,
  GraphFields,
  HeatmapOptions,
  StatOptions,
  TableFields,
  TableOptions,
  TextOptions,
  TimelineFields,
  TimelineOptions,
  TimeSeriesOptions,
} from '../../src/core/generate/grafana/panel-options.ts';

/**
 * The SDK's types as JSON has them: the values of its enums in place of the enums, nothing that can be changed, no methods. The compiler
 * judges; nothing of the SDK is loaded.
 */
type Written<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Written<Item>[]
      : { readonly [Key in keyof T as T[Key] extends (...args: never[]) => unknown ? never : Key]: Written<T[Key]> };

/** That nothing is written that the SDK does not know: a misspelt key of an optional field would be assignable all the same. */
type Unknown<Own, Theirs> = Exclude<keyof Own, keyof Theirs>;

test('boards are what the Foundation SDK calls a dashboard', () => {
  expectTypeOf<Board>().toExtend<Written<dashboard.Dashboard>>();
  expectTypeOf<Unknown<Board, dashboard.Dashboard>>().toEqualTypeOf<never>();
  expectTypeOf<Target>().toExtend<Written<prometheus.Dataquery>>();
  expectTypeOf<Unknown<Target, prometheus.Dataquery>>().toEqualTypeOf<never>();
});

test('the options of each kind of panel are those that the SDK knows', () => {
  expectTypeOf<StatOptions>().toExtend<Written<stat.Options>>();
  expectTypeOf<Unknown<StatOptions, stat.Options>>().toEqualTypeOf<never>();
  expectTypeOf<GaugeOptions>().toExtend<Written<gauge.Options>>();
  expectTypeOf<Unknown<GaugeOptions, gauge.Options>>().toEqualTypeOf<never>();
  expectTypeOf<BarGaugeOptions>().toExtend<Written<bargauge.Options>>();
  expectTypeOf<Unknown<BarGaugeOptions, bargauge.Options>>().toEqualTypeOf<never>();
  expectTypeOf<TimeSeriesOptions>().toExtend<Written<timeseries.Options>>();
  expectTypeOf<Unknown<TimeSeriesOptions, timeseries.Options>>().toEqualTypeOf<never>();
  expectTypeOf<TableOptions>().toExtend<Written<table.Options>>();
  expectTypeOf<Unknown<TableOptions, table.Options>>().toEqualTypeOf<never>();
  expectTypeOf<TextOptions>().toExtend<Written<text.Options>>();
  expectTypeOf<Unknown<TextOptions, text.Options>>().toEqualTypeOf<never>();
  expectTypeOf<HeatmapOptions>().toExtend<Written<heatmap.Options>>();
  expectTypeOf<Unknown<HeatmapOptions, heatmap.Options>>().toEqualTypeOf<never>();
  expectTypeOf<TimelineOptions>().toExtend<Written<statetimeline.Options>>();
  expectTypeOf<Unknown<TimelineOptions, statetimeline.Options>>().toEqualTypeOf<never>();
});

test('so are their fields', () => {
  expectTypeOf<GraphFields>().toExtend<Written<common.GraphFieldConfig>>();
  expectTypeOf<Unknown<GraphFields, common.GraphFieldConfig>>().toEqualTypeOf<never>();
  expectTypeOf<TableFields>().toExtend<Written<common.TableFieldOptions>>();
  expectTypeOf<Unknown<TableFields, common.TableFieldOptions>>().toEqualTypeOf<never>();
  expectTypeOf<TimelineFields>().toExtend<Written<statetimeline.FieldConfig>>();
  expectTypeOf<Unknown<TimelineFields, statetimeline.FieldConfig>>().toEqualTypeOf<never>();
});
