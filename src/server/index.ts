export * from './configuration.ts';
export * from './configuration-codes.ts';
export * from './log.ts';
export * from './scrape/target.ts';
export * from './scrape/target-scraper.ts';
export * from './ticks.ts';
