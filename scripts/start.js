#!/usr/bin/env node
'use strict';
// Starts program.js with what V8 compiled of it when it was built, which saves a third of the start. Another Node than
// that of the build refuses the cache, and compiles as always.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const filename = join(__dirname, 'program.js');
// It is ASCII, and a function already: to decode it, or to put one around it, would be another copy of it.
const program = new Script(readFileSync(filename, 'latin1'), { filename, cachedData: cache() });
program.runInThisContext()(exports, require, module, filename, __dirname);

function cache() {
  try {
    return readFileSync(join(__dirname, 'program.cache'));
  } catch {
    return undefined;
  }
}
