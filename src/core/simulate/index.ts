export * from './doctor/codes.ts';
export * from './doctor/examine.ts';
export type { DoctorBackend } from './doctor/gather.ts';
export * from './forecast.ts';
export * from './strategies.ts';
export * from './suggest.ts';
