import { spawnSync } from 'node:child_process';

/** Set in a process that runs in its own network. */
const INSIDE = 'RESO_PROOF_INSIDE';

/**
 * The setting of a server's container: unsent data waits in the process, where it is counted. The rest sets up a network
 * that can reach itself.
 */
const SET_UP = 'ip link set lo up && sysctl -qw net.ipv4.tcp_notsent_lowat=98304 && exec "$@"';

export function isInside(): boolean {
  return process.env[INSIDE] === 'yes';
}

/** Runs this program again in its own network; returns its exit code, or undefined if the system does not allow it. */
export function runInside(argv: readonly string[]): number | undefined {
  const available = spawnSync('unshare', ['--net', 'true']);
  if (available.status !== 0) return undefined;
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2), ...argv];
  const { status } = spawnSync('unshare', ['--net', 'sh', '-c', SET_UP, 'sh', ...again], {
    env: { ...process.env, [INSIDE]: 'yes' },
    stdio: 'inherit',
  });
  return status ?? 1;
}
