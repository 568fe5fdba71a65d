'use strict';

// Prints the machine's own Debian sources for another release, as deb822.
// Other vendors use Debian's release names too; Debian's entries have a component "main" and, if they name a key, it is
// Debian's.

const fs = require('node:fs');
const path = require('node:path');

/** "deb [signed-by=/k.gpg] URI SUITE COMPONENT..." lines as deb822-like records. */
function parseOneLine(text) {
  const line = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/;
  return text
    .split('\n')
    .map((entry) => line.exec(entry.replace(/#.*/, '').trim()))
    .filter(Boolean)
    .map(([, options = '', uri, suite, components]) => ({
      types: 'deb',
      uris: uri,
      suites: suite,
      components,
      'signed-by': /signed-by=(\S+)/.exec(options)?.[1],
    }));
}

/** deb822 paragraphs as records with lowercase field names; continued lines stay in the value. */
function parseDeb822(text) {
  const field = /^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t].*)*)/gm;
  return text
    .replace(/^#.*\n?/gm, '')
    .split(/\n\s*\n/)
    .map((paragraph) =>
      Object.fromEntries(
        [...paragraph.matchAll(field)].map(([, name, value]) => [name.toLowerCase(), value]),
      ),
    )
    .filter((record) => words(record.types).includes('deb') && record.enabled !== 'no');
}

/** The record for another release, or undefined if it is not one of Debian's entries. */
function exchangeRelease(record, own, release) {
  const suites = words(record.suites).filter((suite) =>
    [own, `${own}-updates`, `${own}-security`].includes(suite),
  );
  const key = record['signed-by'];
  const isDebian = words(record.components).includes('main') && (key === undefined || isDebianKey(key));
  if (!isDebian || suites.length === 0) return undefined;
  return { ...record, suites: suites.map((suite) => release + suite.slice(own.length)).join(' ') };
}

function isDebianKey(key) {
  return key.includes('BEGIN PGP') || key.includes('debian-archive');
}

function format(record) {
  const key = record['signed-by'];
  const lines = ['Types: deb', `URIs: ${record.uris}`, `Suites: ${record.suites}`, 'Components: main'];
  return [...lines, ...(key === undefined ? [] : [`Signed-By: ${key}`])].join('\n') + '\n';
}

function words(value = '') {
  return value.split(/\s+/).filter(Boolean);
}

function readAll(folder) {
  const files = (directory, ending) =>
    fs.existsSync(directory)
      ? fs
          .readdirSync(directory)
          .filter((name) => name.endsWith(ending))
          .map((name) => path.join(directory, name))
      : [];
  const parts = path.join(folder, 'sources.list.d');
  const read = (file) => fs.readFileSync(file, 'utf8');
  const lists = [...files(folder, 'sources.list'), ...files(parts, '.list')];
  return [
    ...lists.map(read).flatMap(parseOneLine),
    ...files(parts, '.sources').map(read).flatMap(parseDeb822),
  ];
}

function main([release, folder = '/etc/apt']) {
  const own = /^VERSION_CODENAME=(.+)$/m.exec(fs.readFileSync('/etc/os-release', 'utf8'))?.[1];
  const records =
    own === undefined
      ? []
      : readAll(folder)
          .map((record) => exchangeRelease(record, own, release))
          .filter(Boolean);
  if (records.length === 0) {
    console.error(
      `error: ${folder} contains no Debian mirror for this machine's release ${own ?? '(unknown)'}`,
    );
    process.exitCode = 1;
  }
  process.stdout.write(records.map(format).join('\n'));
}

module.exports = { parseOneLine, parseDeb822, exchangeRelease, format };

if (require.main === module) main(process.argv.slice(2));
