// One of the bare processes: renders the files named behind the folder, one after another, and writes nothing.
const sharp = require('sharp');
const { join } = require('node:path');

sharp.concurrency(1);
sharp.cache(false);

const [folder, ...names] = process.argv.slice(2);

async function run() {
  for (const name of names) {
    await sharp(join(folder, name))
      .autoOrient()
      .resize({ width: 320 })
      .webp({ quality: 80, effort: 2 })
      .toBuffer();
  }
}

run().catch((error) => {
  console.error(error);
  process.exit(1);
});
