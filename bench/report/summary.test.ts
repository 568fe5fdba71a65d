import { summaryOf } from './summary';

const peer = (name: string, median: number) => ({ name, role: 'peer', median });
const images = {
  name: 'images',
  title: 'images of about 100 KB',
  files: 5000,
  bytes: 5e8,
  rows: [
    { name: 'reso', role: 'reso', median: 2 },
    { name: 'reso, cold catalog', role: 'reso', median: 3 },
    peer('curl', 1.5),
    peer('rsync daemon', 1),
    { name: 'cp -r', role: 'floor', median: 0.5 },
    peer('rsync daemon + sha256sum -c (coreutils)', 4),
    peer('rsync daemon + SHA-256 by OpenSSL', 1.75),
  ],
};

const labels = (svg: string) => [...svg.matchAll(/<text class="end"[^>]*>([^<]*)/g)].map(([, text]) => text);

test('the picture has reso, its fastest peer, and the fastest one that is checked as well', () => {
  const svg = summaryOf([images]);
  expect(labels(svg)).toEqual(['reso', 'rsync daemon', 'rsync daemon + SHA-256 by OpenSSL']);
  expect(svg).toContain('5,000 images of about 100 KB');
});

test('it says which link it was, and leaves out what was not measured', () => {
  const svg = summaryOf([{ ...images, name: 'images-tls' }]);
  expect(svg).toContain('over TLS 1.3');
  expect(svg.match(/class="title"/g)).toHaveLength(1);
});
