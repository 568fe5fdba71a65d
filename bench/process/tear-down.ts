type Undo = () => void;

const undos: Undo[] = [];

/** Registers what must be undone however the benchmark ends. Runs last in, first out; must be synchronous. */
export function onTearDown(undo: Undo): void {
  undos.push(undo);
}

export function tearDown(): void {
  for (let undo = undos.pop(); undo; undo = undos.pop()) {
    try {
      undo();
    } catch (error) {
      console.error(error);
    }
  }
}

export function tearDownAtExit(): void {
  process.on('exit', tearDown);
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
  process.on('SIGHUP', () => process.exit(129));
}
