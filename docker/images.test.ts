import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');

describe.each(['Dockerfile.server', 'Dockerfile.client'])('%s', (name) => {
  test('is labelled with the version of the package', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read(name)).toContain(`ARG VERSION=${version}\n`);
  });

  test('needs no registry beyond its base image', () => {
    expect(read(name)).not.toMatch(/^#\s*syntax=|@sha256:/m);
  });
});
