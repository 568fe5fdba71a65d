import { ScrollMap } from './scroll-map';

const SCREEN = 900;
/** A million images, in rows of four. */
const HEIGHT = 56_000_000;
const END = HEIGHT - SCREEN;

/** A box that a browser scrolls, no further than it goes. */
class Box {
  readonly map = new ScrollMap(HEIGHT, SCREEN);
  readonly most = this.map.boxHeight - SCREEN;
  scrollTop = 0;

  scrollTo(scrollTop: number): number {
    this.scrollTop = Math.min(this.most, Math.max(0, scrollTop));
    return this.map.contentTop(this.scrollTop);
  }
  by(pixels: number): number {
    return this.scrollTo(this.scrollTop + pixels);
  }
  rest(): void {
    this.scrollTop = this.map.settle();
  }
}

test('what a browser can hold is not mapped', () => {
  const map = new ScrollMap(7_000_000, SCREEN);
  expect([map.isExact, map.boxHeight, map.contentTop(123.5), map.scrollTopFor(77)]).toEqual([
    true,
    7_000_000,
    123.5,
    77,
  ]);
});

test('content that fits on the screen stays where it is', () => {
  expect(new ScrollMap(500, SCREEN).contentTop(0)).toBe(0);
});

test('the ends of the box are those of its content', () => {
  const box = new Box();
  expect(box.scrollTo(box.most)).toBe(END);
  expect(box.scrollTo(0)).toBe(0);
  expect(box.map.scrollTopFor(END)).toBe(box.most);
});

test.each([0, 500_000, 4_000_000, 7_000_000, 7_999_100 - 5000])(
  'a wheel moves pixels from %d on, and back',
  (start) => {
    const box = new Box();
    const top = box.scrollTo(start);
    expect(box.by(100) - top).toBeCloseTo(100);
    expect(box.by(120) - top).toBeCloseTo(220);
    expect(box.by(-220)).toBeCloseTo(top);
  },
);

test('coming to rest moves nothing that is seen', () => {
  const box = new Box();
  box.scrollTo(3_000_000);
  for (let i = 0; i < 200; i++) {
    const top = box.by(300);
    box.rest();
    expect(Math.abs(box.by(0) - top)).toBeLessThan(1);
  }
});

test.each([1, -1])('no image is out of reach of a wheel, in direction %d', (direction) => {
  const box = new Box();
  // Near enough to an end that a wheel gets there.
  let top = box.scrollTo(direction > 0 ? box.most - 230_000 : 230_000);
  for (let i = 0; i < 20_000 && top > 0 && top < END; i++) {
    const next = box.by(direction * 700);
    expect(Math.abs(next - top)).toBeLessThanOrEqual(SCREEN);
    top = next;
    box.rest();
  }
  expect(top).toBe(direction > 0 ? END : 0);
});

test('where one is sent to is what is shown', () => {
  const box = new Box();
  for (const top of [0, 1000, 199_999, 200_001, 28_000_000, END - 200_001, END - 3, END]) {
    box.scrollTop = box.map.scrollTopFor(top);
    expect(box.map.contentTop(box.scrollTop)).toBeCloseTo(top);
    expect(box.scrollTop).toBeLessThanOrEqual(box.most);
  }
});

test('the bar says where in the whole one is', () => {
  const box = new Box();
  expect(box.scrollTo(box.most / 2) / END).toBeCloseTo(0.5);
});
