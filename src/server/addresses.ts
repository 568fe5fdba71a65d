import type { AddressInfo } from 'node:net';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** Addresses at which a server that listens on `bound` can be reached, those of other machines' interest first. */
export function reachableAddresses({ address, family }: Pick<AddressInfo, 'address' | 'family'>): string[] {
  if (address !== '0.0.0.0' && address !== '::') return [address];
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const suitable = all.filter((one) => (family === 'IPv6' || one.family === 'IPv4') && !isLinkLocal(one));
  const ordered = [...suitable.filter((one) => !one.internal), ...suitable.filter((one) => one.internal)];
  return [...new Set(ordered.map((one) => one.address))];
}

/** Useless without the name of an interface of the machine that wants to reach it. */
function isLinkLocal({ family, address }: NetworkInterfaceInfo): boolean {
  return family === 'IPv6' && address.toLowerCase().startsWith('fe80:');
}
