import { Asides } from './asides';

test('what came before it was known who hears of it is kept, in order', () => {
  const asides = new Asides();
  const heard: string[] = [];
  asides.add('one');
  asides.add('two');
  asides.tellTo((aside) => heard.push(aside));
  asides.add('three');
  expect(heard).toEqual(['one', 'two', 'three']);
});

test('it is told once', () => {
  const asides = new Asides();
  asides.add('one');
  asides.tellTo(() => undefined);
  asides.tellTo((aside) => {
    throw new Error(aside);
  });
});
