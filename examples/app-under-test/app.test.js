"use strict";
// Judges an app with `magespec test-app`: start the app, run the cases that matter, read the exit code. The app is a few lines of node here,
// that take the credentials POST and nothing more; put your own in its place, and leave ONLY out to judge the whole handshake.

const assert = require("node:assert");
const { spawn } = require("node:child_process");
const http = require("node:http");
const { after, before, test } = require("node:test");

const MAGESPEC = process.env.MAGESPEC || "magespec";
const ONLY = ["app/callback/answers", "app/callback/success", "app/callback/no-redirect", "app/callback/field/*"];
const FIELDS = ["oauth_consumer_key", "oauth_consumer_secret", "store_base_url", "oauth_verifier"];

const app = http.createServer((request, response) => {
  let body = "";
  request.on("data", (piece) => (body += piece));
  request.on("end", () => {
    const posted = new URLSearchParams(body);
    const whole = FIELDS.every((name) => posted.getAll(name).filter(Boolean).length === 1);
    response.writeHead(whole ? 200 : 400).end();
  });
});

// Not spawnSync: the app runs in this process.
function magespec(...more) {
  return new Promise((resolve) => {
    const child = spawn(MAGESPEC, ["test-app", ...more]);
    let said = "";
    child.stdout.on("data", (piece) => (said += piece));
    child.stderr.on("data", (piece) => (said += piece));
    child.on("close", (code) => resolve({ code, said }));
  });
}

before(() => new Promise((resolve) => app.listen(0, "127.0.0.1", resolve)));
after(() => app.close());

test("the credentials POST is taken", async () => {
  const callback = `http://127.0.0.1:${app.address().port}/callback`;
  const only = ONLY.flatMap((pattern) => ["--only", pattern]);
  const { code, said } = await magespec("--callback", callback, "--strict", ...only);
  assert.strictEqual(code, 0, said);
  assert.match(said, /6 pass, 0 fail/);
});

test("an app that is not there is told", async () => {
  const { code, said } = await magespec("--callback", "http://127.0.0.1:9/callback");
  assert.strictEqual(code, 4, said);
});
