import { createRequire } from 'node:module';

type Source = Record<string, string | undefined>;
interface DebianSources {
  parseOneLine(text: string): Source[];
  parseDeb822(text: string): Source[];
  exchangeRelease(source: Source, own: string, release: string): Source | undefined;
  format(source: Source): string;
}

const sources = createRequire(__filename)('./debian-sources.js') as DebianSources;

const exchanged = (found: Source[]): string[] =>
  found.flatMap((source) => {
    const other = sources.exchangeRelease(source, 'bookworm', 'trixie');
    return other ? [sources.format(other)] : [];
  });

test('deb822 entries: Debian is exchanged, other vendors and disabled entries are left out', () => {
  const text = [
    '# a mirror of ours',
    'Types: deb deb-src\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates bookworm-backports',
    'Components: main contrib\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n',
    'Types: deb\nURIs: http://vendor.example/apt\nSuites: bookworm\nComponents: main\nSigned-By: /etc/vendor.gpg\n',
    'Types: deb\nURIs: http://other.example/apt\nSuites: nodistro\nComponents: main\n',
    'Types: deb\nEnabled: no\nURIs: http://off.example/debian\nSuites: bookworm\nComponents: main\n',
  ].join('\n');
  expect(exchanged(sources.parseDeb822(text))).toEqual([
    'Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie trixie-updates\nComponents: main\n' +
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n',
  ]);
});

test('one-line entries', () => {
  const text = [
    '# deb http://commented.example/debian bookworm main',
    'deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian-security bookworm-security main',
    'deb http://mirror.example/debian bookworm main contrib # ours',
    'deb http://vendor.example/debian bookworm stable',
    'deb-src http://mirror.example/debian bookworm main',
  ].join('\n');
  expect(exchanged(sources.parseOneLine(text))).toEqual([
    'Types: deb\nURIs: http://mirror.example/debian-security\nSuites: trixie-security\nComponents: main\n' +
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n',
    'Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\n',
  ]);
});
