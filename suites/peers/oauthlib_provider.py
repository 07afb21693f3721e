#!/usr/bin/env python3
"""An OAuth 1.0a provider that owes nothing to magespec: oauthlib verifies every signature.

It knows one client with one access token, writes both to a credentials file, and guards what lies below /rest. The same REST paths as
a store's answer, so that `magespec test URL --profile rfc5849 --credentials FILE` finds what it asks for; there is no panel.

    python3 suites/peers/oauthlib_provider.py CREDENTIALS.toml

The first line on stdout is the base URL. Ends with its stdin, or by a signal; 77 when oauthlib is missing.
"""

import json
import secrets
import string
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

try:
    from oauthlib.oauth1 import RequestValidator, ResourceEndpoint
    from oauthlib.oauth1.rfc5849 import SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256
except ImportError:
    print("skipped: oauthlib is not installed (pip install oauthlib)")
    sys.exit(77)

ALPHABET = string.ascii_lowercase + string.digits


def value():
    return "".join(secrets.choice(ALPHABET) for _ in range(32))


CLIENT = {"consumer_key": value(), "consumer_secret": value(), "access_token": value(), "access_token_secret": value()}
ANSWERS = {"/rest/V1/store/storeViews": [{"id": 1, "code": "default"}], "/rest/V1/customers/search": {"items": [], "total_count": 0}}
OPEN = {"/rest/V1/directory/countries": [{"id": "DE"}], "/rest/V1/directory/currency": {"base_currency_code": "EUR"}}


class Validator(RequestValidator):
    """The client, its token, and the nonces that were used; oauthlib's narrower defaults for their form are widened."""

    enforce_ssl = False
    allowed_signature_methods = (SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256)
    client_key_length = access_token_length = (1, 64)
    dummy_client = dummy_access_token = "dummy"

    def __init__(self):
        super().__init__()
        self.used = set()
        self.lock = threading.Lock()

    def check_nonce(self, nonce):
        return 0 < len(nonce) <= 256

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, request_token=None, access_token=None):
        # RFC 5849 section 3.3: unique across requests with the same timestamp, client credentials and token.
        with self.lock:
            use = (client_key, access_token, timestamp, nonce)
            fresh = use not in self.used
            self.used.add(use)
            return fresh

    def validate_client_key(self, client_key, request):
        return client_key == CLIENT["consumer_key"]

    def validate_access_token(self, client_key, token, request):
        return client_key == CLIENT["consumer_key"] and token == CLIENT["access_token"]

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def get_client_secret(self, client_key, request):
        return CLIENT["consumer_secret"] if client_key == CLIENT["consumer_key"] else "dummy"

    def get_access_token_secret(self, client_key, token, request):
        return CLIENT["access_token_secret"] if token == CLIENT["access_token"] else "dummy"


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    endpoint = ResourceEndpoint(Validator())

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("latin-1")
        path = self.path.split("?")[0]
        if path in OPEN:
            return self.reply(200, OPEN[path])
        if not path.startswith("/rest/"):
            return self.reply(404, {"message": "nothing here"})
        uri = f"http://{self.headers.get('Host', '')}{self.path}"
        try:
            granted, _ = self.endpoint.validate_protected_resource_request(uri, self.command, body, dict(self.headers.items()))
        except ValueError as malformed:
            # oauthlib refuses to read the request at all.
            return self.reply(400, {"message": str(malformed)})
        if not granted:
            return self.reply(401, {"message": "refused"})
        if path not in ANSWERS:
            return self.reply(404, {"message": "nothing here"})
        return self.reply(200, ANSWERS[path])

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_HEAD = answer

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.writelines(f'{name} = "{text}"\n' for name, text in CLIENT.items())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
