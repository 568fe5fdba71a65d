'use strict';

// The client container's entry point: switches to the owner of the output folder, then runs the program in this
// process, so that signals reach it and no socket is ever opened as root.

const fs = require('node:fs');

const PROGRAM = '/app/dist/cli/main.js';
const EXIT_DISK = 7;
const COMMANDS = new Set(['serve', 'get', 'ls', 'sync', 'verify', 'lock', 'health', 'token', 'help']);
const ANSWERED_AT_ONCE = new Set(['--help', '-h', '--version', '-V']);

/** The container's arguments are file names; a subcommand works too. */
function toProgramArguments(args) {
  const [first] = args;
  return COMMANDS.has(first) || ANSWERED_AT_ONCE.has(first) ? args : ['get', ...args];
}

/** Whether the program will write to the output folder itself, not to one given by an option. */
function writesToOutputFolder(args) {
  return args[0] === 'get' && !optionsOf(args).some((option) => /^(-o|--output(=|$))/.test(option));
}

function onlyAsksForHelp(args) {
  return (
    ANSWERED_AT_ONCE.has(args[0]) ||
    args[0] === 'help' ||
    optionsOf(args).some((option) => /^(--help|-h)$/.test(option))
  );
}

function optionsOf(args) {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).filter((argument) => argument.startsWith('-'));
}

/** The user to switch to; undefined: don't switch, because of --user or because root owns the folder. */
function identityFor(uid, owner) {
  return uid !== 0 || owner.uid === 0 ? undefined : { uid: owner.uid, gid: owner.gid };
}

function refuse(message) {
  process.stderr.write(`reso: ${message}\n`);
  process.exit(EXIT_DISK);
}

function statFolder(folder) {
  try {
    const stats = fs.statSync(folder);
    if (!stats.isDirectory()) refuse(`${folder} is not a folder. Mount one there.`);
    return stats;
  } catch (error) {
    return refuse(`can't use ${folder} (${error.code}). Mount a folder there.`);
  }
}

function becomeOwner(folder, owner) {
  try {
    process.setgroups([]);
    process.setgid(owner.gid);
    process.setuid(owner.uid);
  } catch (error) {
    refuse(
      `can't switch to user ${owner.uid}:${owner.gid}, the owner of ${folder} (${error.code}). ` +
        `Run with --cap-add SETUID --cap-add SETGID, or with --user ${owner.uid}:${owner.gid}.`,
    );
  }
}

function requireWritable(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    refuse(
      `user ${process.getuid()}:${process.getgid()} can't write to ${folder} (${error.code}). Nothing was downloaded. ` +
        `Mount a folder that this user may write to, or run as its owner with --user.`,
    );
  }
}

function main() {
  const args = toProgramArguments(process.argv.slice(2));
  if (!onlyAsksForHelp(args)) prepareOutputFolder(process.env.RESO_OUTPUT || '/downloads', args);
  process.argv = [process.argv[0], PROGRAM, ...args];
  require(PROGRAM);
}

function prepareOutputFolder(folder, args) {
  const owner = identityFor(process.getuid(), statFolder(folder));
  if (owner) becomeOwner(folder, owner);
  if (!writesToOutputFolder(args)) return;
  requireWritable(folder);
  if (process.getuid() === 0)
    process.stderr.write(`reso: ${folder} belongs to root, so the images will too\n`);
}

module.exports = { toProgramArguments, writesToOutputFolder, onlyAsksForHelp, identityFor };

if (require.main === module) main();
