// Hooks start containers, and tests move gigabytes; jest's own 5 seconds are for neither.
jest.setTimeout(180_000);
