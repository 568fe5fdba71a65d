import type { Sample } from '../link/utilisation';
import type { Answer, Question } from './messages';
import { Relay, type RelayOptions } from './relay';

const EVERY_MS = 5;

const samples: Sample[] = [];
let bytes = 0;

const relay = new Relay(JSON.parse(process.argv[2]!) as RelayOptions, (delivered) => {
  bytes += delivered;
  const ms = performance.now();
  if (ms - (samples.at(-1)?.ms ?? 0) >= EVERY_MS) samples.push({ ms, bytes });
});

process.on('message', (question: Question) => void answer(question));
process.on('disconnect', () => process.exit());

async function answer(question: Question): Promise<void> {
  if ('open' in question) say({ port: await relay.open(question.open) });
  else say({ samples: takeSamples() });
}

function takeSamples(): Sample[] {
  bytes = 0;
  return samples.splice(0);
}

function say(answer: Answer): void {
  process.send!(answer);
}
