import { createPrivateKey } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificate, certificatePath, keyPath } from './fixtures/certificate';
import { openTls } from './open-tls';

let folder: string;
let said: string[];

const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reso-open-tls-'));
  said = [];
  copyFileSync(certificatePath('server'), at('cert'));
  copyFileSync(keyPath('server'), at('key'));
  writeFileSync(at('ca'), certificate('ca') + certificate('stranger-ca'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const open = (clientCa?: string) =>
  openTls({ cert: at('cert'), key: at('key'), clientCa }, (message) => said.push(message));

test.each([
  ['key', undefined, "key can't be read: no such file or folder"],
  ['cert', undefined, "cert can't be read: no such file or folder"],
  ['ca', undefined, "ca can't be read: no such file or folder"],
  ['key', 'nonsense', 'key contains no private key'],
  ['cert', 'nonsense', 'cert contains no certificate'],
  ['ca', 'nonsense', 'ca contains no certificate'],
  ['ca', certificate('ca').slice(0, 300), 'ca contains unreadable certificates: 1 of 1'],
  ['key', readFileSync(keyPath('client'), 'utf8'), 'key is not the key of the certificate in'],
  ['key', encrypted(readFileSync(keyPath('server'), 'utf8')), 'key contains no private key that can be used'],
])('the file that is at fault is named: %s', (name, text, message) => {
  if (text === undefined) rmSync(at(name));
  else writeFileSync(at(name), text);
  const named = `Can't use the TLS files: ${folder}/${message}`;
  expect(() => open(at('ca'))).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
  expect(() => open(at('ca'))).toThrow(named);
});

function encrypted(key: string): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  return createPrivateKey(key).export(options).toString();
}

test('certificate and key stay those of before until they can be used, and that is said again when asked for', () => {
  const tls = open();
  const { fingerprint } = tls.value;
  rmSync(at('key'));
  for (let i = 0; i < 3; i++) expect(tls.value.fingerprint).toBe(fingerprint);
  tls.lookAgain();
  const gone = `${at('key')} can't be read: no such file or folder. Keeping the previous certificate and key.`;
  expect(said).toEqual([gone, gone]);
  copyFileSync(certificatePath('renewed'), at('cert'));
  copyFileSync(keyPath('renewed'), at('key'));
  expect(tls.value.fingerprint).not.toBe(fingerprint);
  expect(tls.value).toBe(tls.value);
});

test('an authority that is not in its file any more vouches for nobody, although the key is broken meanwhile', () => {
  const tls = open(at('ca'));
  expect(tls.value.clientCa?.match(/BEGIN/g)).toHaveLength(2);
  writeFileSync(at('key'), 'nonsense');
  writeFileSync(at('ca'), certificate('stranger-ca'));
  expect(tls.value.clientCa?.trim()).toBe(certificate('stranger-ca').trim());
  expect(said).toEqual([expect.stringContaining(`${at('key')} contains no private key`)]);
});

test('of authorities those count that can be read', () => {
  const tls = open(at('ca'));
  writeFileSync(at('ca'), certificate('ca').slice(0, 300) + certificate('stranger-ca'));
  expect(tls.value.clientCa?.trim()).toBe(certificate('stranger-ca').trim());
  writeFileSync(at('ca'), '');
  expect(tls.value.clientCa).toBe('');
  rmSync(at('ca'));
  expect(tls.value.clientCa).toBe('');
  expect(said).toEqual([
    expect.stringContaining('ca contains unreadable certificates: 1 of 2'),
    expect.stringContaining('ca contains no certificate'),
    expect.stringContaining("ca can't be read: no such file or folder. Keeping the previous authorities."),
  ]);
});
