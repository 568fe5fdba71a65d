// Hooks start containers, and tests move gigabytes. A slow disk takes several times as long as most.
jest.setTimeout(600_000);
