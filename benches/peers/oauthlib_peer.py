#!/usr/bin/env python3
"""Verifies the three requests of the judge with Python's oauthlib; says how many it verifies in a second.

    python3 benches/peers/oauthlib_peer.py

Prints `skipped` where oauthlib is not installed. Each request must be accepted, and refused with one changed character.
"""
import sys
import time
from urllib.parse import quote, parse_qsl

try:
    import oauthlib
    from oauthlib.oauth1 import Client, SIGNATURE_HMAC_SHA1
    from oauthlib.oauth1.rfc5849 import signature
    from oauthlib.common import Request
except ImportError:
    print("oauthlib: skipped, not installed")
    sys.exit(0)

KEY, SECRET = "abcdefghijklmnopqrstuvwxyz012345", "0123456789abcdefghijklmnopqrstuv"
TOKEN, TOKEN_SECRET = "t0ken000000000000000000000000001", "s3cret00000000000000000000000001"
HOST = "https://www.shop.example"


def search():
    pairs = []
    for at in range(10):
        for field, value in (("field", "sku"), ("type", "eq"), ("value", f"{'Größe' if at < 3 else 'Große'} 0")):
            name = f"searchCriteria[filterGroups][{at}][filters][0][{field}]"
            pairs.append(quote(name, safe="") + "=" + quote(value, safe=""))
    return "&".join(pairs)


FORM = ("city=Z%C3%BCrich&company=Acme+%26+Sons+Q&country=CH&email=anna.meier%40shop.example&firstname=Anna+Maria"
        "&lastname=M%C3%BCller&note=left+door%2C+ring+twice&postcode=1000&street=Main+Street+12&telephone=%2B41+44+123+45+67")
REQUESTS = {
    "small-get": ("GET", HOST + "/rest/V1/products/attributes?currentPage=1000&fields=attributeCodeAndFrontend&pageSize=20", None),
    "form-post": ("POST", HOST + "/rest/V1/contacts/requests", FORM),
    "search-get": ("GET", HOST + "/rest/V1/products?" + search(), None),
}


def verify(method, uri, body, header):
    query = uri.partition("?")[2]
    parameters = signature.collect_parameters(uri_query=query, body=body or [], headers={"Authorization": header})
    request = Request(uri, method, body, {"Authorization": header})
    request.params = parameters
    protocol = dict(signature.collect_parameters(headers={"Authorization": header}, exclude_oauth_signature=False))
    request.signature = protocol["oauth_signature"]
    return signature.verify_hmac_sha1(request, SECRET, TOKEN_SECRET)


def main():
    print(f"{'shape':<16} {'candidate':<24} {'per second':>12} {'min us':>9}")
    for shape, (method, uri, body) in REQUESTS.items():
        client = Client(KEY, SECRET, TOKEN, TOKEN_SECRET, signature_method=SIGNATURE_HMAC_SHA1)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        header = client.sign(uri, method, body, headers)[1]["Authorization"]
        assert verify(method, uri, body, header), f"{shape} is refused"
        assert not verify(method, uri + "x", body, header), f"{shape} is accepted with a changed byte"
        least = float("inf")
        for _ in range(15):
            start = time.perf_counter()
            for _ in range(20):
                verify(method, uri, body, header)
            least = min(least, (time.perf_counter() - start) / 20)
        print(f"{shape:<16} {'oauthlib ' + oauthlib.__version__:<24} {1 / least:>12.0f} {least * 1e6:>9.1f}")


main()
