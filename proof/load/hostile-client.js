'use strict';
// Sends one request again and again, over many connections: `node hostile-client.js HOST PORT CONNECTIONS DEPTH`. The
// frames (HELLO, then the request with id 0) are read in hexadecimal from two lines of standard input. Plain JavaScript in
// its own process, so that its cost does not affect the measurements.
const { connect } = require('node:net');
const { readFileSync } = require('node:fs');

const HEADER = 9;
const FINAL = new Set([0x11, 0x12, 0x15, 0x16, 0x18]);
const [host, port, connections, depth] = process.argv.slice(2);
const [hello, request] = readFileSync(0, 'utf8')
  .trim()
  .split('\n')
  .map((line) => Buffer.from(line, 'hex'));

function ask(socket, id) {
  const frame = Buffer.from(request);
  frame.writeUInt32BE(id, 5);
  socket.write(frame);
}

function attack() {
  const socket = connect({ host, port: Number(port) });
  socket.on('error', () => undefined);
  socket.on('close', attack);
  socket.write(hello);
  for (let id = 1; id <= Number(depth); id++) ask(socket, id);
  let rest = Buffer.alloc(0);
  let skip = 0;
  socket.on('data', (bytes) => {
    const passed = Math.min(skip, bytes.length);
    skip -= passed;
    rest = Buffer.concat([rest, bytes.subarray(passed)]);
    while (skip === 0 && rest.length >= HEADER) {
      const length = rest.readUInt32BE(0);
      const [type, id] = [rest[4], rest.readUInt32BE(5)];
      skip = Math.max(0, HEADER + length - rest.length);
      rest = rest.subarray(HEADER + length);
      if (FINAL.has(type) && id > 0) ask(socket, id);
    }
  });
}

for (let i = 0; i < Number(connections); i++) attack();
