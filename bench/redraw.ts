/** Redraws the summary of a report: npx ts-node -T bench/redraw.ts [docs/benchmarks/latest.json] */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { summaryOf, type MeasuredWorkload } from './report/summary';

const report = process.argv[2] ?? join(__dirname, '../docs/benchmarks/latest.json');
const { workloads } = JSON.parse(readFileSync(report, 'utf8')) as { workloads: MeasuredWorkload[] };
writeFileSync(report.replace(/\.json$/, '.summary.svg'), summaryOf(workloads));
