#!/usr/bin/env node
// Verifies the three requests of the judge with the packages `oauth-1.0a` and `oauth`; says how many they verify in a second.
//
//     node benches/peers/node_peers.js
//
// A package that is not installed where node looks for it is skipped, in words. Neither package has a verifier: the signature is made
// again from the parsed request and compared. Each request must be accepted, and refused with one changed character.
"use strict";
const crypto = require("crypto");
const path = require("path");

const KEY = "abcdefghijklmnopqrstuvwxyz012345", SECRET = "0123456789abcdefghijklmnopqrstuv";
const TOKEN = "t0ken000000000000000000000000001", TOKEN_SECRET = "s3cret00000000000000000000000001";
const HOST = "https://www.shop.example";

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
const pairs = (text) => text.split("&").filter(Boolean).map((piece) => piece.split("=").map((part) => decodeURIComponent(part.replace(/\+/g, " "))));
const hmac = (base, key) => crypto.createHmac("sha1", key).update(base).digest("base64");

function search() {
  const list = [];
  for (let at = 0; at < 10; at++) {
    for (const [field, value] of [["field", "sku"], ["type", "eq"], ["value", `${at < 3 ? "Größe" : "Große"} 0`]]) {
      list.push(`${encode(`searchCriteria[filterGroups][${at}][filters][0][${field}]`)}=${encode(value)}`);
    }
  }
  return list.join("&");
}

const FORM = "city=Z%C3%BCrich&company=Acme+%26+Sons+Q&country=CH&email=anna.meier%40shop.example&firstname=Anna+Maria" +
  "&lastname=M%C3%BCller&note=left+door%2C+ring+twice&postcode=1000&street=Main+Street+12&telephone=%2B41+44+123+45+67";
const REQUESTS = {
  "small-get": ["GET", HOST + "/rest/V1/products/attributes?currentPage=1000&fields=attributeCodeAndFrontend&pageSize=20", ""],
  "form-post": ["POST", HOST + "/rest/V1/contacts/requests", FORM],
  "search-get": ["GET", HOST + "/rest/V1/products?" + search(), ""],
};
const PROTOCOL = {
  oauth_consumer_key: KEY, oauth_nonce: "n0nce00000000000000000000000000a", oauth_signature_method: "HMAC-SHA1",
  oauth_timestamp: "1700000000", oauth_token: TOKEN, oauth_version: "1.0",
};

// The signature as the standard has it, written apart from both packages.
function signature(method, url, body, protocol) {
  const [base, query = ""] = url.split("?");
  const all = [...pairs(query), ...pairs(body), ...Object.entries(protocol)].map((pair) => pair.map(encode));
  all.sort((a, b) => (a[0] === b[0] ? (a[1] < b[1] ? -1 : 1) : a[0] < b[0] ? -1 : 1));
  return hmac([method, base, all.map((pair) => pair.join("=")).join("&")].map(encode).join("&"), `${encode(SECRET)}&${encode(TOKEN_SECRET)}`);
}

const header = (signed) => "OAuth " + Object.entries(signed).map(([name, value]) => `${name}="${encode(value)}"`).join(", ");
const parse = (text) => Object.fromEntries(text.slice(6).split(",").map((piece) => {
  const [name, value] = piece.trim().split("=");
  return [name, decodeURIComponent(value.slice(1, -1))];
}));

function load(name) {
  try {
    return require(require.resolve(name, { paths: [process.cwd(), path.join(process.cwd(), "node_modules")] }));
  } catch {
    console.log(`${name}: skipped, not installed`);
    return undefined;
  }
}

const PEERS = {
  "oauth-1.0a": (package_) => {
    const signer = package_({ consumer: { key: KEY, secret: SECRET }, signature_method: "HMAC-SHA1", hash_function: hmac });
    return (method, url, body, text) => {
      const { oauth_signature: theirs, ...protocol } = parse(text);
      const request = { method, url, data: Object.fromEntries(pairs(body)) };
      return signer.getSignature(request, TOKEN_SECRET, protocol) === theirs;
    };
  },
  oauth: (package_) => {
    const signer = new package_.OAuth("", "", KEY, SECRET, "1.0", null, "HMAC-SHA1");
    return (method, url, body, text) => {
      const { oauth_signature: theirs, ...protocol } = parse(text);
      const [base, query = ""] = url.split("?");
      const all = [...pairs(query), ...pairs(body), ...Object.entries(protocol)];
      const sorted = signer._sortRequestParams(all.map((pair) => pair.map((part) => signer._encodeData(part))));
      const joined = sorted.map((pair) => pair.join("=")).join("&");
      return signer._getSignature(method, base, joined, TOKEN_SECRET) === theirs;
    };
  },
};

console.log(`${"shape".padEnd(16)} ${"candidate".padEnd(24)} ${"per second".padStart(12)} ${"min us".padStart(9)}`);
for (const [name, build] of Object.entries(PEERS)) {
  const package_ = load(name);
  if (!package_) continue;
  const verify = build(package_);
  for (const [shape, [method, url, body]] of Object.entries(REQUESTS)) {
    const text = header({ ...PROTOCOL, oauth_signature: signature(method, url, body, PROTOCOL) });
    if (!verify(method, url, body, text)) {
      console.log(`${shape.padEnd(16)} ${name.padEnd(24)} ${"refuses".padStart(12)}`);
      continue;
    }
    if (verify(method, url + "x", body, text)) throw new Error(`${name} accepts ${shape} with a changed byte`);
    let least = Infinity;
    for (let round = 0; round < 30; round++) {
      const start = process.hrtime.bigint();
      for (let n = 0; n < 100; n++) verify(method, url, body, text);
      least = Math.min(least, Number(process.hrtime.bigint() - start) / 100);
    }
    console.log(`${shape.padEnd(16)} ${name.padEnd(24)} ${(1e9 / least).toFixed(0).padStart(12)} ${(least / 1e3).toFixed(1).padStart(9)}`);
  }
}
