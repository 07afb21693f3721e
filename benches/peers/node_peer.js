// Verifies the judge's requests with the npm package `oauth-1.0a` or `oauth`, named by the second argument; it is looked for in the folder
// in which the judge runs and in NODE_PATH. Neither package has a verifier: the signature is made again from the parsed request and
// compared. The protocol that every peer speaks stands in foreign.rs.
"use strict";
const crypto = require("crypto");
const fs = require("fs");
const readline = require("readline");

const [file, name] = process.argv.slice(2);
const SECRET = "0123456789abcdefghijklmnopqrstuv", TOKEN_SECRET = "s3cret00000000000000000000000001";

const text = (part) => decodeURIComponent(part.replace(/\+/g, " "));
const pairs = (list) => list.split("&").filter(Boolean).map((piece) => piece.split("=").map(text));
const protocol = (authorization) => Object.fromEntries(authorization.slice("OAuth ".length).split(",").map((piece) => {
  const [key, value] = piece.trim().split("=");
  return [key, decodeURIComponent(value.slice(1, -1))];
}));
const equal = (ours, theirs) => ours.length === theirs.length && crypto.timingSafeEqual(Buffer.from(ours), Buffer.from(theirs));

const PEERS = {
  "oauth-1.0a": (OAuth) => {
    const hash = (base, key) => crypto.createHmac("sha1", key).update(base).digest("base64");
    const signer = OAuth({ consumer: { key: "", secret: SECRET }, signature_method: "HMAC-SHA1", hash_function: hash });
    return ([method, url, authorization, , body]) => {
      const { oauth_signature: theirs, ...rest } = protocol(authorization);
      return equal(signer.getSignature({ method, url, data: Object.fromEntries(pairs(body)) }, TOKEN_SECRET, rest), theirs);
    };
  },
  oauth: ({ OAuth }) => {
    const signer = new OAuth("", "", "", SECRET, "1.0", null, "HMAC-SHA1");
    return ([method, url, authorization, , body]) => {
      const { oauth_signature: theirs, ...rest } = protocol(authorization);
      const [base, query = ""] = url.split("?");
      const all = [...pairs(query), ...pairs(body), ...Object.entries(rest)].map((pair) => pair.map((part) => signer._encodeData(part)));
      const list = signer._sortRequestParams(all).map((pair) => pair.join("=")).join("&");
      return equal(signer._getSignature(method, base, list, TOKEN_SECRET), theirs);
    };
  },
};

let verify, version;
try {
  const folders = { paths: [process.cwd(), ...(process.env.NODE_PATH || "").split(":").filter(Boolean)] };
  verify = PEERS[name](require(require.resolve(name, folders)));
  version = require(require.resolve(`${name}/package.json`, folders)).version;
} catch {
  console.error(`the package ${name} is not installed`);
  process.exit(1);
}

const right = {}, sound = {};
for (const line of fs.readFileSync(file, "utf8").split("\n").filter(Boolean)) {
  const [shape, verdict, ...request] = line.split("\t");
  if (verdict === "right") (right[shape] ??= []).push(request);
  sound[shape] = (sound[shape] ?? true) && verify(request) === (verdict === "right");
}
console.log([`node ${name} ${version}`, ...Object.keys(sound).filter((shape) => sound[shape])].join("\t"));
readline.createInterface({ input: process.stdin }).on("line", (command) => {
  const [shape, count] = command.split("\t");
  const requests = right[shape];
  const start = process.hrtime.bigint();
  for (let at = 0; at < Number(count); at++) verify(requests[at % requests.length]);
  console.log(String(process.hrtime.bigint() - start));
});
