import json, os, pathlib, subprocess, time
import pytest
from requests_oauthlib import OAuth1Session


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    ready = tmp_path_factory.mktemp("store") / "ready.json"
    process = subprocess.Popen([os.environ.get("MAGESPEC", "magespec"), "serve", "--ephemeral", "--quiet", "--listen", "127.0.0.1:0",
                                "--integration", "Orders", "--ready-file", str(ready), "--stop-with-parent"])
    while not ready.exists() and process.poll() is None:
        time.sleep(0.005)
    yield json.loads(ready.read_text())
    process.terminate()
    process.wait()


@pytest.fixture
def api(store):
    one = store["integrations"][0]
    return OAuth1Session(one["consumer_key"], one["consumer_secret"], one["token"], one["token_secret"], signature_method="HMAC-SHA256")


def test_a_signed_call_is_answered(store, api):
    answer = api.get(store["url"] + "rest/V1/orders?searchCriteria[pageSize]=1")
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) == 1


def test_a_wrong_secret_is_refused(store):
    one = store["integrations"][0]
    api = OAuth1Session(one["consumer_key"], "wrong", one["token"], one["token_secret"], signature_method="HMAC-SHA256")
    answer = api.get(store["url"] + "rest/V1/store/storeViews")
    assert (answer.status_code, answer.json()["message"]) == (401, "The signature is invalid. Verify and try again.")
