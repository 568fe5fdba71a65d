/** For your own tests: a server in a container, and a network that fails. docs/testing.md has examples. */
export { FaultProxy, type FaultProxyOptions } from './fault-proxy';
export type { ConnectionFaults, Faults, ReplayedBytes, ReplayedFrame } from './faults';
export { ResoServerContainer } from './reso-server-container';
export { StartedResoServerContainer } from './started-reso-server-container';
