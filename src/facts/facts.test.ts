import { parseFacts } from './facts';

const whole = {
  format: 'jpeg',
  width: 6000,
  height: 4000,
  taken: '2024-05-06T07:08:09',
  offset: '+02:00',
  camera: 'Make Model',
  colorSpace: 'srgb',
  thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
  gps: { latitude: -33.9, longitude: 18.4 },
  canRender: true,
};

test('facts come back as they went', () => {
  expect(parseFacts(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  expect(parseFacts({ format: 'unknown' })).toEqual({ format: 'unknown', canRender: false });
});

test.each([undefined, null, 7, 'jpeg', {}, { format: '' }, { format: 'a'.repeat(17) }, { format: '<b>' }])(
  '%j holds none',
  (value) => expect(parseFacts(value)).toBeUndefined(),
);

test.each([
  ['width', -1],
  ['width', 1.5],
  ['width', 1e12],
  ['height', '4000'],
  ['taken', 'yesterday'],
  ['taken', '2024-05-06T07:08:09Z'],
  ['offset', '2'],
  ['camera', 'x'.repeat(201)],
  ['camera', '\ud800'],
  ['thumbhash', '<script>'],
  ['gps', { latitude: 91, longitude: 0 }],
  ['gps', { latitude: '1', longitude: 0 }],
])('%s %j counts as not there', (key, value) => {
  const facts = parseFacts({ ...whole, [key]: value })!;
  expect(facts).not.toHaveProperty(key);
  expect(facts.format).toBe('jpeg');
});

test('a width without a height says nothing', () => {
  expect(parseFacts({ ...whole, height: undefined })).not.toHaveProperty('width');
});
