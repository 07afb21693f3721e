"""Verifies the judge's requests with Python's oauthlib. The protocol that every peer speaks stands in foreign.rs."""
import sys
import time

try:
    import oauthlib
    from oauthlib.common import Request
    from oauthlib.oauth1.rfc5849 import signature
except ImportError:
    sys.exit("the module oauthlib is not installed")

SECRET, TOKEN_SECRET = "0123456789abcdefghijklmnopqrstuv", "s3cret00000000000000000000000001"


def verify(method, url, authorization, content_type, body):
    headers = {"Authorization": authorization}
    protocol = dict(signature.collect_parameters(headers=headers, exclude_oauth_signature=False))
    request = Request(url, method, body, headers)
    request.params = signature.collect_parameters(uri_query=url.partition("?")[2], body=body, headers=headers)
    request.signature = protocol["oauth_signature"]
    return signature.verify_hmac_sha1(request, SECRET, TOKEN_SECRET)


right, sound = {}, {}
for line in open(sys.argv[1], encoding="utf-8"):
    shape, verdict, *request = line.rstrip("\n").split("\t")
    if verdict == "right":
        right.setdefault(shape, []).append(request)
    sound[shape] = sound.get(shape, True) and verify(*request) == (verdict == "right")
print("\t".join([f"oauthlib {oauthlib.__version__}"] + [shape for shape in sound if sound[shape]]), flush=True)
for command in sys.stdin:
    shape, count = command.split()
    requests = right[shape]
    start = time.perf_counter_ns()
    for at in range(int(count)):
        verify(*requests[at % len(requests)])
    print(time.perf_counter_ns() - start, flush=True)
