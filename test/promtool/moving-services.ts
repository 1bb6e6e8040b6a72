import { defineService } from '../../src/core/formats/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { tiers } from './services.ts';

/** Exclusions and calendars, by the clocks of several time zones. */
export const moments: Service = defineService({
  service: 'moments',
  metrics: {
    a_total: { type: 'counter', labels: ['code'] },
    b_total: { type: 'counter', labels: ['code', 'tenant'] },
    c_total: { type: 'counter', labels: ['code'] },
    depth: { type: 'gauge' },
  },
  slos: {
    month: {
      target: '99%',
      period: 'calendar month',
      timeZone: 'Europe/Berlin',
      bad: 'a_total{code="500"}',
      total: 'a_total',
      alerts: [...tiers],
    },
    day: {
      target: '99.9%',
      periods: ['30d', 'calendar day'],
      timeZone: 'Asia/Kathmandu',
      bad: 'b_total{code="500"}',
      total: 'b_total',
      groupBy: ['tenant'],
      alerts: [...tiers],
    },
    slices: {
      target: '99% of 1m slices',
      sliceTarget: '95%',
      period: 'calendar quarter',
      bad: 'c_total{code="500"}',
      total: 'c_total',
      alerts: [...tiers],
    },
    queue: { target: '99% of 1m slices', condition: 'depth < 50', alerts: [...tiers] },
  },
  exclusions: {
    nights: {
      reason: 'Upgrades.',
      owner: 'moments',
      every: 'FREQ=WEEKLY;BYDAY=SU',
      start: '2026-01-04T02:00',
      timeZone: 'Europe/Berlin',
      for: '2h',
      slos: ['day', 'slices'],
    },
    move: {
      reason: 'A move.',
      owner: 'moments',
      from: '2026-11-07T10:00Z',
      to: '2026-11-07T10:15Z',
      slos: ['month', 'queue'],
    },
  },
});

/** Composites across ends of exclusions and turns of the calendar. */
export const turns: Service = defineService({
  service: 'turns',
  metrics: {
    a_total: { type: 'counter', labels: ['code'] },
    b_total: { type: 'counter', labels: ['code', 'tenant'] },
    c_total: { type: 'counter', labels: ['code'] },
    depth: { type: 'gauge' },
  },
  slos: {
    events: {
      target: '99%',
      periods: ['calendar month', '30d', 'calendar day'],
      timeZone: 'Europe/Berlin',
      bad: 'a_total{code="500"}',
      total: 'a_total',
      alerts: 'none',
    },
    tenants: {
      target: '99%',
      periods: ['calendar month', '30d'],
      timeZone: 'Europe/Berlin',
      bad: 'b_total{code="500"}',
      total: 'b_total',
      groupBy: ['tenant'],
      alerts: 'none',
    },
    slices: {
      target: '99% of 5m slices',
      sliceTarget: '95%',
      periods: ['30d', 'calendar month', 'calendar day'],
      timeZone: 'Europe/Berlin',
      bad: 'c_total{code="500"}',
      total: 'c_total',
      alerts: 'none',
    },
    queue: { target: '99% of 1m slices', condition: 'depth < 50', alerts: 'none' },
    weighted: {
      target: '98%',
      period: 'calendar month',
      timeZone: 'Europe/Berlin',
      composite: { combine: 'weighted', members: [{ slo: 'tenants', weight: 2 }, 'events'] },
      alerts: [...tiers],
    },
    chain: {
      target: '98%',
      periods: ['calendar day', 'calendar month'],
      timeZone: 'Europe/Berlin',
      composite: { combine: 'series', members: ['events', 'slices'] },
      alerts: [...tiers],
    },
    worst: { target: '98%', composite: { combine: 'worst', members: ['slices', 'tenants'] }, alerts: [...tiers] },
    pot: {
      target: '98%',
      period: 'calendar month',
      timeZone: 'Europe/Berlin',
      composite: { combine: 'pooled', members: ['events', 'queue'] },
      alerts: [...tiers],
    },
    jar: { target: '98%', composite: { combine: 'pooled', members: ['tenants', 'queue'] }, alerts: [...tiers] },
  },
  exclusions: {
    all: {
      reason: 'Upgrades.',
      owner: 'turns',
      every: 'FREQ=WEEKLY;BYDAY=SU',
      start: '2026-01-04T02:00',
      timeZone: 'Europe/Berlin',
      for: '2h',
      slos: ['events', 'tenants', 'weighted', 'pot'],
    },
    members: {
      reason: 'A move.',
      owner: 'turns',
      from: '2026-11-07T10:00Z',
      to: '2026-11-07T10:15Z',
      slos: ['slices', 'queue'],
    },
  },
});
