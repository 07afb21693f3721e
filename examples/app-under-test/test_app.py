"""Judges an app with `magespec test-app`: start the app, run the cases that matter, read the exit code.

The app is a few lines of the standard library here, that take the credentials POST and nothing more; put your own in its place, and leave
`ONLY` out to judge the whole handshake.
"""

import http.server
import json
import os
import subprocess
import tempfile
import threading
import unittest
import urllib.parse

MAGESPEC = os.environ.get("MAGESPEC", "magespec")
ONLY = ["app/callback/answers", "app/callback/success", "app/callback/no-redirect", "app/callback/field/*"]
FIELDS = ["oauth_consumer_key", "oauth_consumer_secret", "store_base_url", "oauth_verifier"]


class App(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        posted = urllib.parse.parse_qs(body)
        whole = all(len(posted.get(name, [])) == 1 for name in FIELDS)
        self.send_response(200 if whole else 400)
        self.end_headers()

    def log_message(self, *_):
        pass


class TestApp(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.callback = f"http://127.0.0.1:{self.server.server_port}/callback"

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def test_the_credentials_post_is_taken(self):
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, "report.json")
            command = [MAGESPEC, "test-app", "--callback", self.callback, "--strict", "--report", f"json={report}"]
            for pattern in ONLY:
                command += ["--only", pattern]
            ended = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
            with open(report) as file:
                summary = json.load(file)["summary"]
        self.assertEqual(summary["pass"], 6, ended.stdout)

    def test_an_app_that_is_not_there_is_told(self):
        command = [MAGESPEC, "test-app", "--callback", "http://127.0.0.1:9/callback"]
        ended = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 4, ended.stdout + ended.stderr)


if __name__ == "__main__":
    unittest.main()
