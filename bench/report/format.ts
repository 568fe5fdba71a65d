import type { WorkloadResult } from '../results';

export function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`;
}

export function ratio(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}

export function percent(value: number | undefined): string {
  return value === undefined ? '' : `${(value * 100).toFixed(1)}%`;
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function titleOf({ workload, files, bytes, linkKind }: WorkloadResult): string {
  const link = linkKind === 'loopback' ? 'loopback' : `long link (${linkKind})`;
  const place = workload.tls ? `${link}, TLS 1.3` : link;
  if (workload.one) return `${workload.title}: ${place}`;
  return `${workload.title}: ${files.toLocaleString('en')} ${files === 1 ? 'file' : 'files'}, ${megabytes(bytes)}: ${place}`;
}
