#!/usr/bin/env python3
"""A third-party app that owes nothing to magespec: the whole handshake with requests-oauthlib and HMAC-SHA256.

It signs in to the admin panel as a browser would, creates an integration whose callback URL is its own listener, activates it,
exchanges the verifier for an access token and reads /rest/V1/store/storeViews. Every signature is made by oauthlib.

    python3 suites/peers/requests_oauthlib_client.py http://127.0.0.1:8080 admin PASSWORD [--front-name admin]

Exit code 0 when the store answered the signed call with its store views; 1 with one sentence otherwise; 77 when a package is missing.
"""

import argparse
import html
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

try:
    import requests
    from requests_oauthlib import OAuth1Session
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed (pip install requests-oauthlib)")
    sys.exit(77)


class Callback(BaseHTTPRequestHandler):
    """The callback endpoint: keeps the last form that was posted to it."""

    received = {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        Callback.received = {name: values[0] for name, values in parse_qs(body).items()}
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def fail(sentence):
    print(f"error: {sentence}", file=sys.stderr)
    sys.exit(1)


def form_key(page):
    for pattern in (r'name="form_key"[^>]*value="([^"]+)"', r'value="([^"]+)"[^>]*name="form_key"'):
        found = re.search(pattern, page)
        if found:
            return found.group(1)
    return fail("the page has no form key")


def link(page, action):
    """The first URL in the page that leads to this action of the integration controller, secret key included."""
    text = html.unescape(page).replace("\\/", "/")
    text = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda escape: chr(int(escape.group(1), 16)), text)
    found = re.search(rf'https?://[^\s"\'<>]*/admin/integration/{action}/[^\s"\'<>]*', text)
    return found.group(0) if found else fail(f"no link to `{action}` in the page")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("store")
    parser.add_argument("user")
    parser.add_argument("password")
    parser.add_argument("--front-name", default="admin")
    options = parser.parse_args()
    store = options.store.rstrip("/")

    listener = HTTPServer(("127.0.0.1", 0), Callback)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{listener.server_port}"

    browser = requests.Session()
    start = browser.get(f"{store}/{options.front_name}")
    signed_in = browser.post(
        start.url,
        data={
            "form_key": form_key(start.text),
            "login[username]": options.user,
            "login[password]": options.password,
        },
    )
    if 'name="login[username]"' in signed_in.text:
        fail("the panel refused the user or the password")

    grid = browser.get(link(signed_in.text, "index"))
    form = browser.get(link(grid.text, "new"))
    saved = browser.post(
        link(form.text, "save"),
        params={"isAjax": "true"},
        headers={"X-Requested-With": "XMLHttpRequest"},
        data={
            "form_key": form_key(form.text),
            "name": f"requests-oauthlib {listener.server_port}",
            "endpoint": f"{origin}/callback",
            "identity_link_url": f"{origin}/login",
            "all_resources": "1",
            "current_password": options.password,
        },
    ).json()
    if "integrationId" not in saved:
        fail(f"the integration was not saved: {saved}")
    number = saved["integrationId"]

    # The save has ended the form key, and with it every secret key of the pages before it.
    source = browser.get(link(browser.get(f"{store}/{options.front_name}").text, "index")).text
    exchange = re.sub(r"/(?:id|reauthorize)/[^/]*", "", link(source, "tokensExchange"))
    exchange = exchange.replace("/tokensExchange", f"/tokensExchange/id/{number}/reauthorize/0", 1)
    answer = browser.get(exchange, params={"isAjax": "true"}, headers={"X-Requested-With": "XMLHttpRequest"}).json()
    if "oauth_consumer_key" not in answer:
        fail(f"the token exchange did not begin: {answer}")
    posted = Callback.received
    expected = ["oauth_consumer_key", "oauth_consumer_secret", "store_base_url", "oauth_verifier"]
    if list(posted) != expected:
        fail(f"the credentials POST carried {list(posted)}, expected {expected}")

    session = OAuth1Session(
        posted["oauth_consumer_key"],
        client_secret=posted["oauth_consumer_secret"],
        verifier=posted["oauth_verifier"],
        signature_method="HMAC-SHA256",
    )
    base = posted["store_base_url"]
    session.fetch_request_token(f"{base}oauth/token/request")
    session._client.client.verifier = posted["oauth_verifier"]
    session.fetch_access_token(f"{base}oauth/token/access")
    views = session.get(f"{base}rest/V1/store/storeViews")
    if views.status_code != 200:
        fail(f"GET /rest/V1/store/storeViews answered {views.status_code}: {views.text}")
    print("store views:", ", ".join(view["code"] for view in json.loads(views.text)))


if __name__ == "__main__":
    main()
