'use strict';

// Exits 0 if node_modules matches package-lock.json, 1 if `npm ci` is needed.

const fs = require('node:fs');

/** Optional packages for other platforms are in the lock but never on disk. */
function isCurrent(lock, installed) {
  return Object.entries(lock.packages)
    .filter(([where]) => where !== '')
    .every(([where, wanted]) => {
      const found = installed.packages[where];
      return found === undefined
        ? Boolean(wanted.optional || wanted.devOptional)
        : found.version === wanted.version && found.integrity === wanted.integrity;
    });
}

function read(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

function main() {
  const installed = 'node_modules/.package-lock.json';
  process.exitCode =
    fs.existsSync(installed) && isCurrent(read('package-lock.json'), read(installed)) ? 0 : 1;
}

module.exports = { isCurrent };

if (require.main === module) main();
