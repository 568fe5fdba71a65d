import { isOwnHost } from './hosts';

const rules = {
  allowed: ['nas.example.org'],
  isOfCertificate: (host: string) => host === 'cert.example.org',
};

test.each([
  undefined,
  '127.0.0.1:8080',
  '192.168.1.20',
  '[::1]:8080',
  '[2001:db8::1]',
  'localhost',
  'LOCALHOST:8080',
  'gallery.localhost',
  'server',
  'server:8080',
  'nas.local',
  'nas.local.',
  'nas.lan:80',
  'photos.internal',
  'x.home.arpa',
  'nas.example.org',
  'NAS.Example.org:8080',
  'cert.example.org',
])('%s is one of ours', (host) => expect(isOwnHost(host, rules)).toBe(true));

test.each([
  'evil.example',
  'evil.example:8080',
  'nas.example.org.evil.example',
  '127.0.0.1.evil.example',
  'evil.local.example',
  'evillocal.net',
  '',
  ' ',
  'a@server',
  'server/..',
  '[::1',
  'server:80:80',
])('%j is not', (host) => expect(isOwnHost(host, rules)).toBe(false));
