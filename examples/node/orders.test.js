const { after, before, test } = require("node:test");
const assert = require("node:assert");
const { spawn } = require("node:child_process");
const { createHmac } = require("node:crypto");
const { existsSync, mkdtempSync, readFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const OAuth = require("oauth-1.0a");

let process_, store;

before(async () => {
  const ready = join(mkdtempSync(join(tmpdir(), "magespec-")), "ready.json");
  process_ = spawn(process.env.MAGESPEC ?? "magespec", ["serve", "--ephemeral", "--quiet", "--listen", "127.0.0.1:0",
    "--integration", "Orders", "--ready-file", ready, "--stop-with-parent"], { stdio: "inherit" });
  while (!existsSync(ready) && process_.exitCode === null) await new Promise((next) => setTimeout(next, 5));
  store = JSON.parse(readFileSync(ready));
});

after(() => process_.kill());

function call(method, path, secret = {}) {
  const one = { ...store.integrations[0], ...secret };
  const oauth = OAuth({
    consumer: { key: one.consumer_key, secret: one.consumer_secret },
    signature_method: "HMAC-SHA256",
    hash_function: (text, key) => createHmac("sha256", key).update(text).digest("base64"),
  });
  const url = store.url + path;
  const signed = oauth.authorize({ url, method }, { key: one.token, secret: one.token_secret });
  return fetch(url, { method, headers: { ...oauth.toHeader(signed) } });
}

test("a signed call is answered", async () => {
  const answer = await call("GET", "rest/V1/orders?searchCriteria[pageSize]=1");
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).items.length, 1);
});

test("a wrong secret is refused", async () => {
  const answer = await call("GET", "rest/V1/store/storeViews", { consumer_secret: "wrong" });
  assert.equal(answer.status, 401);
  assert.equal((await answer.json()).message, "The signature is invalid. Verify and try again.");
});
