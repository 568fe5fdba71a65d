import { runCommand } from './support/run-command';
import { Scratch } from './support/scratch';
import { builtProgram } from './support/test-run';

/** `$0` is a folder for all, the rest the built command line. The disk stays mounted elsewhere while it is unmounted. */
const UNMOUNTED = `
  until_done() { until "$@" 2>/dev/null; do sleep 0.05; done; }
  reso() { "$@"; echo "exit $?"; }
  cd "$0" && mkdir disk keep out && export RESO_SERVER=127.0.0.1:$((20000 + $$ % 10000)) RESO_RETRIES=0
  mount -t tmpfs tmpfs disk && mount --bind disk keep || exit 1
  for i in 1 2 3; do echo "image $i" > disk/$i.jpg; done
  "$@" serve disk --no-http --host 127.0.0.1 --port "\${RESO_SERVER#*:}" --state state 2> log & server=$!
  until_done "$@" health
  reso "$@" sync -q out
  until_done umount disk
  reso "$@" health -q
  reso "$@" ls -q
  reso "$@" sync -q --delete --force out
  ls out
  mount --bind keep disk
  reso "$@" health -q
  reso "$@" sync -q --delete --force out
  ls out
  kill $server; wait $server
  echo log; grep -o 'The served folder.*[.]' log; umount disk keep`;

test('a disk that is unmounted: what is asked for is unavailable, nothing is deleted; mounted again it is served again', async () => {
  await using scratch = await Scratch.make();
  const program = builtProgram();
  const folder = await scratch.folder('folder');
  const inNamespace = ['timeout', '120', 'unshare', '--map-root-user', '--mount', 'sh', '-c'];
  const [command, ...args] = [...inNamespace, UNMOUNTED, folder, process.execPath, program];
  const { exitCode, stdout, stderr } = await runCommand({ cwd: scratch.path }, command!, ...args);
  // A machine that forbids namespaces or mounts in them says so here.
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const why = 'it is empty and on a different file system than before; its disk may not be mounted';
  expect(stderr).toContain(why);
  const copies = ['1.jpg', '2.jpg', '3.jpg'];
  expect(stdout.split('\n').filter((line) => !/^(?:Running on|Gallery:) /.test(line))).toEqual([
    'exit 0',
    'exit 1',
    'exit 4',
    'exit 4',
    ...copies,
    'exit 0',
    'exit 0',
    ...copies,
    'log',
    `The served folder ${folder}/disk can't be read: ${why}. Nothing is served until it can be read again.`,
    `The served folder ${folder}/disk can be read again.`,
    '',
  ]);
});

/** As another user: root reads everything. `$0` and the rest as above. */
const AS_NOBODY = `
  cd "$0" && mkdir images && export RESO_SERVER=127.0.0.1:$((20000 + $$ % 10000)) RESO_RETRIES=0
  until_done() { until "$@" 2>/dev/null; do sleep 0.05; done; }
  for i in 1 2 3; do echo "image $i" > images/$i.jpg; done
  chmod 0 images/2.jpg
  "$@" serve images --no-http --host 127.0.0.1 --port "\${RESO_SERVER#*:}" --state state 2> log & server=$!
  until_done "$@" health
  "$@" ls -q; "$@" lock -q | tail -n +2 | cut -f 1
  chmod 644 images/2.jpg; "$@" ls -q
  kill $server; wait $server`;

test('an image that the user of the server may not read is listed only once it can be read', async () => {
  await using scratch = await Scratch.make();
  const program = builtProgram();
  const folder = await scratch.folder('folder');
  await runCommand({ cwd: scratch.path }, 'chmod', '-R', 'a+rwX', scratch.path);
  const asNobody =
    process.geteuid!() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const [command, ...args] = [...asNobody, 'sh', '-c', AS_NOBODY, folder, process.execPath, program];
  const { exitCode, stdout } = await runCommand({ cwd: scratch.path }, command!, ...args);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').filter((line) => /jpg$/.test(line))).toEqual([
    ...['1.jpg', '3.jpg'],
    ...['1.jpg', '3.jpg'],
    ...['1.jpg', '2.jpg', '3.jpg'],
  ]);
});
