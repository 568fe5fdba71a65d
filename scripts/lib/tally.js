'use strict';

// Prints how many tests passed and failed in a folder of results; exits 1 if any failed or none ran.
// A step that failed without a failed test (lint, build, setup, a crash) counts as one failure.
// usage: node tally.js FOLDER [EXIT-CODE-OF-THE-RUN]

const fs = require('node:fs');
const path = require('node:path');

function tally(steps, reports, exitCode = 0) {
  const failures = (report) => report.numFailedTests + report.numRuntimeErrorTestSuites;
  const passed = sum(Object.values(reports).map((report) => report.numPassedTests));
  const failed = sum(Object.values(reports).map(failures));
  const unexplained = steps.filter(
    ({ name, status }) => status !== 0 && !(name in reports && failures(reports[name]) > 0),
  );
  const total = failed + unexplained.length;
  return { passed, failed: total === 0 && exitCode !== 0 ? 1 : total };
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Lines of "name<TAB>exit code<TAB>seconds". */
function parseSteps(text) {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'))
    .map(([name, status, seconds]) => ({ name, status: Number(status), seconds: Number(seconds) }));
}

function readReports(folder) {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const reports = names.map((name) => [path.basename(name, '.json'), readReport(path.join(folder, name))]);
  return Object.fromEntries(reports.filter(([, report]) => report !== undefined));
}

/** A truncated file is ignored: its step counts as failed. */
function readReport(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function main([folder, exitCode = '0']) {
  const stepsFile = path.join(folder, 'steps');
  const steps = fs.existsSync(stepsFile) ? parseSteps(fs.readFileSync(stepsFile, 'utf8')) : [];
  const { passed, failed } = tally(steps, readReports(folder), Number(exitCode));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

module.exports = { tally, parseSteps };

if (require.main === module) main(process.argv.slice(2));
