import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificatePath, keyPath } from '../../access/fixtures/certificate';
import { credentialsOf, type CredentialSettings } from './credentials';

const NONE: CredentialSettings = {
  ca: undefined,
  cert: undefined,
  key: undefined,
  tokenFile: undefined,
  insecure: false,
};

let folder: string;
let nonsense: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reso-credentials-'));
  nonsense = join(folder, 'nonsense.pem');
  writeFileSync(nonsense, 'nonsense');
});

afterEach(() => rmSync(folder, { recursive: true }));

test.each(['a-token\n', 'a-token\r\n', ' a-token ', 'a-token'])('RESO_TOKEN as %j', (RESO_TOKEN) => {
  expect(credentialsOf(NONE, false, { RESO_TOKEN }).token).toBe('a-token');
});

test.each(['', '\n'])('RESO_TOKEN as %j is no token', (RESO_TOKEN) => {
  expect(credentialsOf(NONE, false, { RESO_TOKEN }).token).toBeUndefined();
});

const files = { cert: certificatePath('client'), key: keyPath('client') };

test('files that can be used', () => {
  const { tls } = credentialsOf({ ...NONE, ...files, ca: certificatePath('ca') }, true, {});
  for (const pem of [tls?.ca, tls?.cert, tls?.key]) expect(pem).toMatch(/^-----BEGIN /m);
});

test.each([
  ['--ca', () => ({ ca: nonsense }), 'nonsense.pem does not contain a usable certificate'],
  ['--cert', () => ({ ...files, cert: nonsense }), 'nonsense.pem does not contain a usable certificate'],
  ['--key', () => ({ ...files, key: nonsense }), 'nonsense.pem does not contain a usable private key'],
  ['--key', () => ({ ...files, key: keyPath('server') }), 'is not the key of the certificate in'],
  ['--key', () => ({ ...files, key: join(folder, 'none') }), "can't read .*none: no such file or folder"],
])('the file at fault is named: %s', (option, settings, message) => {
  const read = () => credentialsOf({ ...NONE, ...settings() }, true, {});
  expect(read).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
  expect(read).toThrow(new RegExp(`^${option}: .*${message}`));
});
