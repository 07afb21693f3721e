#!/usr/bin/env python3
"""Signed requests of Python's OAuth libraries, each with the mistake that its users make most. Nothing is sent.

    python3 suites/peers/signing_clients.py KEY SECRET TOKEN TOKEN_SECRET

Prints one JSON object a line, as `magespec doctor` reads it, with the id of the mistake in `expects`; for a library that is not installed
an object with `skipped`.
"""

import json
import sys
from urllib.parse import quote, urlencode, urlsplit

KEY, SECRET, TOKEN, TOKEN_SECRET = sys.argv[1:5]
SHOP = "https://shop.example"
PRODUCTS = SHOP + "/rest/V1/products"
SEARCH = {"searchCriteria[filterGroups][0][filters][0][value]": "red shirt", "searchCriteria[pageSize]": "20"}


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def show(label, expects, method, url, headers=(), body=None):
    fields = {text(name).lower(): text(value) for name, value in dict(headers).items()}
    parts = urlsplit(url)
    line = {
        "label": label,
        "expects": expects,
        "method": method,
        "scheme": parts.scheme,
        "host": parts.netloc,
        "uri": parts.path + ("?" + parts.query if parts.query else ""),
        "authorization": fields.get("authorization"),
        "content_type": fields.get("content-type"),
        "body": text(body) or "",
    }
    print(json.dumps(line))


def shown(label, expects, request):
    """A request that `requests` has prepared."""
    show(label, expects, request.method, request.url, request.headers, request.body)


def requests_oauthlib():
    """HMAC-SHA1 is its default, and stores from 2.4.4 on take HMAC-SHA256 alone."""
    import requests
    from requests_oauthlib import OAuth1

    auth = OAuth1(KEY, SECRET, TOKEN, TOKEN_SECRET)
    shown("requests-oauthlib", "mistake/sha1-not-accepted", requests.Request("GET", PRODUCTS, params=SEARCH, auth=auth).prepare())


def oauthlib():
    """Signs into the query, as its other signature types do."""
    from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, SIGNATURE_TYPE_QUERY, Client

    client = Client(KEY, SECRET, TOKEN, TOKEN_SECRET, signature_method=SIGNATURE_HMAC_SHA256, signature_type=SIGNATURE_TYPE_QUERY)
    url, headers, body = client.sign(PRODUCTS + "?" + urlencode({"searchCriteria[pageSize]": "20"}))
    show("oauthlib", "mistake/oauth-data-in-query", "GET", url, headers, body)


def oauthlib_form():
    """The content type is set to a form for signing, and the body goes out as JSON: oauthlib#748."""
    from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, Client

    client = Client(KEY, SECRET, TOKEN, TOKEN_SECRET, signature_method=SIGNATURE_HMAC_SHA256)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    url, headers, body = client.sign(PRODUCTS, "POST", "sku=A&qty=2", form)
    show("oauthlib, form as JSON", "mistake/form-signed-but-not-sent-as-form", "POST", url, {**headers, "Content-Type": "text/plain"}, body)


def authlib():
    """The token secret is left out of the client, as for a call without a token."""
    from authlib.oauth1 import ClientAuth

    auth = ClientAuth(KEY, SECRET, token=TOKEN, token_secret="", signature_method="HMAC-SHA1")
    url, headers, body = auth.prepare("GET", PRODUCTS + "?" + urlencode({"fields": "items[sku]"}), {}, "")
    show("authlib", "mistake/token-secret-left-out", "GET", url, headers, body)


def rauth():
    """Leaves the query of the URL unsigned."""
    from rauth.oauth import HmacSha1Signature

    fields = {
        "oauth_consumer_key": KEY,
        "oauth_nonce": "n0nce00000000000000000000000000a",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1700000000",
        "oauth_token": TOKEN,
        "oauth_version": "1.0",
    }
    url = PRODUCTS + "?" + urlencode({"fields": "items"})
    fields["oauth_signature"] = HmacSha1Signature().sign(SECRET, TOKEN_SECRET, "GET", url, dict(fields), {})
    header = ", ".join(f'{name}="{quote(value, safe="~")}"' for name, value in fields.items())
    show("rauth", "mistake/query-not-signed", "GET", url, {"Authorization": "OAuth " + header})


CLIENTS = [
    ("requests-oauthlib", requests_oauthlib),
    ("oauthlib", oauthlib),
    ("oauthlib, form as JSON", oauthlib_form),
    ("authlib", authlib),
    ("rauth", rauth),
]

for name, client in CLIENTS:
    try:
        client()
    except ImportError as missing:
        print(json.dumps({"label": name, "skipped": f"{missing.name} is not installed (pip install {name.split(',')[0]})"}))
