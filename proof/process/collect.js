// Loaded into a server under test (node --expose-gc --require): collects garbage on SIGUSR2 and writes how much memory is left.
const { writeFileSync, renameSync } = require('node:fs');

process.on('SIGUSR2', async () => {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  const file = process.env.PROOF_COLLECTED;
  writeFileSync(`${file}.new`, String(heapUsed + external));
  renameSync(`${file}.new`, file);
});
