// Serves cognito-local on a free loopback port until standard input ends: serve_cognito_local.js FOLDER
//
// FOLDER holds node_modules. The data goes to .cognito in the working directory, which the caller makes, with its
// config. HOST, PORT and CODE come from the environment. The first line of output is {"port": N}; the log, with every
// message that would have been sent, goes to standard error.
"use strict";

const { createRequire } = require("node:module");
const path = require("node:path");

const installed = createRequire(path.join(process.argv[2], "package.json"));
const pino = installed("pino");
const { createDefaultServer } = installed("cognito-local");

createDefaultServer(pino(pino.destination(2)))
  .then((server) => server.start())
  .then((listening) => {
    process.stdout.write(JSON.stringify({ port: listening.address().port }) + "\n");
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });

// The test process holds the other end; however it dies, the kernel closes that end and the stream ends.
process.stdin.on("end", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));
process.stdin.resume();
