// Signed requests of Node's OAuth libraries, each with the mistake that its users make most. Nothing is sent.
//
//     NODE_PATH=…/node_modules node suites/peers/signing_clients.cjs KEY SECRET TOKEN TOKEN_SECRET
//
// Prints one JSON object a line, as `magespec doctor` reads it, with the id of the mistake in `expects`; for a library that is not installed
// an object with `skipped`.

const { createHmac } = require('node:crypto');

const [key, secret, token, tokenSecret] = process.argv.slice(2);
const products = 'https://shop.example/rest/V1/products';
const search = { 'searchCriteria[filterGroups][0][filters][0][value]': 'red shirt', 'searchCriteria[pageSize]': '20' };

const encoded = parameters =>
  Object.entries(parameters).map(pair => pair.map(encodeURIComponent).join('=')).join('&');

function show(label, expects, method, url, headers, body = '') {
  const { protocol, host } = new URL(url);
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  console.log(JSON.stringify({
    label, expects, method, scheme: protocol.slice(0, -1), host, uri: url.slice(url.indexOf(host) + host.length),
    authorization: lower.authorization ?? null, content_type: lower['content-type'] ?? null, body,
  }));
}

function oauth1a() {
  const OAuth = require('oauth-1.0a');
  return OAuth({
    consumer: { key, secret },
    signature_method: 'HMAC-SHA256',
    hash_function: (text, by) => createHmac('sha256', by).update(text).digest('base64'),
  });
}

const clients = {
  // The URL with its query escaped: the library decodes the values and not the names, and escapes both.
  'oauth-1.0a': label => {
    const client = oauth1a();
    const url = `${products}?${encoded(search)}`;
    const signed = client.authorize({ url, method: 'GET' }, { key: token, secret: tokenSecret });
    show(label, 'mistake/query-names-signed-as-sent', 'GET', url, client.toHeader(signed));
  },
  // The JSON body as `data`.
  'oauth-1.0a, with data': label => {
    const client = oauth1a();
    const data = { sku: 'A', qty: 2 };
    const signed = client.authorize({ url: products, method: 'POST', data }, { key: token, secret: tokenSecret });
    show(label, 'mistake/json-body-signed', 'POST', products, { ...client.toHeader(signed), 'Content-Type': 'application/json' }, JSON.stringify(data));
  },
  // `signUrl`, which puts everything into the query.
  oauth: label => {
    const { OAuth } = require('oauth');
    const client = new OAuth(null, null, key, secret, '1.0', null, 'HMAC-SHA256');
    const url = client.signUrl(`${products}?${encoded({ fields: 'items[sku]' })}`, token, tokenSecret, 'GET');
    show(label, 'mistake/oauth-data-in-query', 'GET', url, {});
  },
  // The signature is escaped already when it comes back, and once more for the header.
  'oauth-signature': label => {
    const { generate } = require('oauth-signature');
    const fields = {
      oauth_consumer_key: key,
      oauth_nonce: 'n0nce00000000000000000000000000b',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '1700000000',
      oauth_token: token,
      oauth_version: '1.0',
    };
    // Its signature has something to escape in every case: it ends in `=`.
    const signature = generate('GET', products, fields, secret, tokenSecret);
    const header = Object.entries({ ...fields, oauth_signature: signature })
      .map(([name, value]) => `${name}="${encodeURIComponent(value)}"`)
      .join(', ');
    show(label, 'mistake/signature-encoded-twice', 'GET', products, { Authorization: `OAuth ${header}` });
  },
  // It signs the URL that it is given, whole, when nobody takes the query away.
  'oauth-sign': label => {
    const { hmacsign256 } = require('oauth-sign');
    const fields = {
      oauth_consumer_key: key,
      oauth_nonce: 'n0nce00000000000000000000000000c',
      oauth_signature_method: 'HMAC-SHA256',
      oauth_timestamp: '1700000000',
      oauth_token: token,
      oauth_version: '1.0',
    };
    const url = `${products}?fields=items`;
    const signature = hmacsign256('GET', url, fields, secret, tokenSecret);
    const header = Object.entries({ ...fields, oauth_signature: signature })
      .map(([name, value]) => `${name}="${encodeURIComponent(value)}"`)
      .join(', ');
    show(label, 'mistake/query-in-base-uri', 'GET', url, { Authorization: `OAuth ${header}` });
  },
};

for (const [label, client] of Object.entries(clients)) {
  try {
    client(label);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    const name = label.split(',')[0];
    console.log(JSON.stringify({ label, skipped: `${name} is not installed (npm install ${name})` }));
  }
}
