import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KIB, writeImage } from './support/generated-images';
import { logLines } from './support/log-lines';
import { runCommand } from './support/run-command';
import { Scratch } from './support/scratch';
import { builtProgram } from './support/test-run';

const IMAGES = 600;

/**
 * For the scripts below: `$0` is a folder for logs, `$1` a new state folder, `$2` the images, `$3` node and `$4` the
 * program. `start LOG` starts a server whose stderr goes into LOG, and waits until it serves; `stop` ends it.
 */
const HELPERS = `
  until_done() {
    until "$@" 2>/dev/null; do
      kill -0 $server 2>/dev/null || { wait $server; echo "the server ended with $?"; cat "$log"; exit 1; } >&2
      sleep 0.02
    done
  }
  start() {
    log=$logs/$1; rm -f "$log.pipe"; mkfifo "$log.pipe"; cat "$log.pipe" >"$log" & reader=$!
    $limited "$node" "$program" serve "$images" --host 127.0.0.1 --port 0 --no-http --state "$state" >"$log.out" 2>"$log.pipe" & server=$!
    until_done grep -q '"serving ' "$log"
    address=127.0.0.1:$(sed -n 's/^Running on port: //p' "$log.out")
  }
  stop() { kill $server; wait $server || echo "exit $?"; wait $reader; }
  sums() { "$node" "$program" ls --format sha256sum -s $address | wc -l; }
  logs=$0; state=$1; images=$2; node=$3; program=$4
`;

/** A disk for the state of each size in `$SIZES`, on which what is known of the images has less and less room. */
const TOO_SMALL = `${HELPERS}
  for size in $SIZES; do
    mount -t tmpfs -o size=$size tmpfs "$state" || exit 1
    start log-$size; sums; stop
    umount "$state"
  done`;

/** Limits on the size of files in `$LIMITS`. */
const LIMITED = `${HELPERS}
  for limit in $LIMITS; do
    limited="prlimit --fsize=$limit"; start log-$limit; sums; stop
    rm -f "$state"/*
  done`;

/** Of two servers one can't write more into its log, and nobody reads that of the other; both log much, and are ended. */
const UNTAKEN = `${HELPERS}
  mkfifo "$logs/pipe"; (exec 3<"$logs/pipe"; sleep infinity) & reader=$!
  for log in "$logs/file" "$logs/pipe"; do
    prlimit --fsize=20480 "$node" "$program" serve "$images" --host 127.0.0.1 --port 0 --no-http --state "$state" \\
      --log-level debug >"$log.out" 2>>"$log" & server=$!
    until_done grep -q '^Running on port: ' "$log.out"
    address=127.0.0.1:$(sed -n 's/^Running on port: //p' "$log.out")
    for i in 1 2; do "$node" "$program" get --all -q -o "$logs/$server-$i" -s $address; done
    kill $server; wait $server; echo "exit $?"
  done
  kill $reader`;

/** The disk is full once a first server has left; then the next one is killed, and a third one comes. */
const FULL_LATER = `${HELPERS}
  mount -t tmpfs -o size=4m tmpfs "$state" || exit 1
  start log-1; sums; stop
  dd if=/dev/zero of="$state/filler" bs=4k 2>/dev/null
  start log-2
  touch "$images"/1*.jpg; sums
  until_done grep -q 'too little room' "$log"
  { kill -9 $server; wait $server; } 2>/dev/null
  start log-3; sums; stop
  rm "$state/filler"
  start log-4; sums; stop
  ls "$state"`;

let scratch: Scratch;
let program: string;
let images: string;

beforeAll(async () => {
  scratch = await Scratch.make();
  program = builtProgram();
  images = await scratch.folder('images');
  for (let i = 0; i < IMAGES; i++) await writeImage(images, `${i}.jpg`, KIB);
});

afterAll(async () => {
  await scratch?.[Symbol.asyncDispose]();
});

/** In a mount namespace of its own. Resolves to what the script printed, and the logs that it left. */
async function run(name: string, script: string, environment = {}) {
  const logs = await scratch.folder(name);
  const state = await scratch.folder(`${name}-state`);
  const inNamespace = ['600', 'unshare', '--map-root-user', '--mount', 'sh', '-c', script];
  const args = [...inNamespace, logs, state, images, process.execPath, program];
  const ended = await runCommand({ cwd: scratch.path, environment }, 'timeout', ...args);
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  const text = (file: string) => readFile(join(logs, file), 'utf8');
  const log = async (file: string) => logLines(await text(file));
  return { lines: ended.stdout.trim().split('\n'), text, log };
}

const TOO_LITTLE = expect.stringContaining('too little room is left on the disk') as string;

test('a disk of any size that is too small for the state: all is served, and the log holds nothing but its lines', async () => {
  const sizes = ['4k', '16k', '32k', '64k', '300k', '400k', '600k', '900k', '1400k', '3m', '12m'];
  const { lines, log } = await run('small', TOO_SMALL, { SIZES: sizes.join(' ') });
  expect(lines).toEqual(sizes.map(() => String(IMAGES)));
  const logs = await Promise.all(sizes.map((size) => log(`log-${size}`)));
  const warnings = logs.map((all) => all.filter(({ level }) => level === 'warn').map(({ msg }) => msg));
  expect(warnings[0]).toEqual([TOO_LITTLE]);
  expect(warnings.at(-1)).toEqual([]);
});

test('a disk that fills up, and a server that is killed then: what is known is neither lost nor taken for damaged', async () => {
  const { lines, log } = await run('later', FULL_LATER);
  const sums = String(IMAGES);
  expect(lines).toEqual([sums, sums, sums, sums, 'catalog.lmdb', 'catalog.lmdb-lock', 'catalog.lmdb.sha256']);
  const warnings = async (file: string) =>
    (await log(file)).filter(({ level }) => level === 'warn').map(({ msg }) => msg);
  expect(await warnings('log-1')).toEqual([]);
  expect(await warnings('log-2')).toEqual([TOO_LITTLE]);
  expect(await warnings('log-3')).toEqual([TOO_LITTLE]);
  expect(await warnings('log-4')).toEqual([]);
});

test('a limit on the size of files is foreseen: a write that fails in LMDB can damage the memory of the process', async () => {
  const limits = [12, 28, 44, 60, 300].map((kib) => kib * KIB);
  const { lines, log } = await run('limited', LIMITED, { LIMITS: limits.join(' ') });
  expect(lines).toEqual(limits.map(() => String(IMAGES)));
  for (const limit of limits) {
    const warnings = (await log(`log-${limit}`)).filter(({ level }) => level === 'warn');
    expect(warnings.map(({ msg }) => msg)).toEqual([expect.stringContaining('ulimit -f')]);
  }
});

test('a server whose log its disk has no room for, or nobody reads, serves on and ends when it is told to', async () => {
  const { lines, text } = await run('untaken', UNTAKEN);
  expect(lines).toEqual(['exit 0', 'exit 0']);
  expect((await text('file')).length).toBe(20_480);
});
