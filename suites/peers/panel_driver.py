#!/usr/bin/env python3
"""A driver of the admin panel that owes nothing to magespec, written for a store as it comes out of the box.

It signs in, makes two integrations, changes, activates and authorises them again, the second one with a token exchange to a listener of its
own, and deletes both. It reads markup with html.parser and addresses in scripts as JavaScript string literals, keeps one session, and reads
form key and secret keys anew after every check of the password.

    python3 suites/peers/panel_driver.py http://127.0.0.1:8080 admin PASSWORD [--front-name admin]

Exit code 0 when every step ended as a real store ends it; 1 with one sentence otherwise; 77 when a package is missing.
"""

import argparse
import json
import re
import sys
import threading
import time
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

try:
    import requests
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed (pip install requests)")
    sys.exit(77)

LITERAL = r"'((?:[^'\\]|\\.)*)'"
DIALOGS = ["permissionsDialog", "tokensDialog", "tokensExchange", "index", "loginSuccessCallback"]


class Refused(Exception):
    """A step ended otherwise than on a real store."""


def expect(right, what):
    if not right:
        raise Refused(what)


def literal(text):
    """The value of the inside of a JavaScript string literal."""
    escaped = r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))"
    return re.sub(escaped, lambda at: at[3] or chr(int(at[1] or at[2], 16)), text)


class Page(HTMLParser):
    """Elements, messages and rows of the grid as a script would find them in the page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.text, self.elements, self.messages, self.rows, self.title = text, [], [], [], ""
        self.place = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.append((tag, attributes))
        if tag == "tr" and attributes.get("data-role") == "row":
            self.rows.append({"name": "", "status": "", "script": ""})
        elif tag == "td" and self.rows:
            self.place = attributes.get("data-column")
        elif tag == "a" and "data-row-id" in attributes and self.rows:
            self.rows[-1].update(attributes)
        elif tag == "span" and self.place == "name":
            self.place = None
        elif tag in ("title", "script"):
            self.place = tag if tag == "title" or not self.rows else "script"
        elif (attributes.get("data-ui-id") or "").startswith("messages-message-"):
            self.messages.append("")
            self.place = "message"

    def handle_endtag(self, tag):
        if tag in ("td", "title", "div", "script"):
            self.place = None

    def handle_data(self, data):
        if self.place == "message":
            self.messages[-1] += data
        elif self.place == "title":
            self.title += data
        elif self.rows and self.place in ("name", "status", "script"):
            self.rows[-1][self.place] += data

    def attribute(self, wanted, name, value):
        for _, attributes in self.elements:
            if attributes.get(name) == value:
                return attributes.get(wanted)
        raise Refused(f"no element has {name}={value}")

    def row(self, name):
        for row in self.rows:
            if row["name"].strip() == name:
                return row
        raise Refused(f"the grid has no row `{name}`")

    def address(self, action):
        """The first address of an action of the integrations, in an attribute or in a script."""
        plain = [value for _, attributes in self.elements for value in attributes.values() if value]
        quoted = re.findall(LITERAL, self.text)
        for text in plain + [literal(found) for found in quoted]:
            if f"/integration/{action}/" in text and text.startswith("http"):
                return text
        raise Refused(f"the page has no address of {action}")

    def dialogs(self):
        call = re.search(r"new Integration\(\s*(.*?)\)\s*;", self.text, re.S)
        expect(call, "the page does not call new Integration(…)")
        return dict(zip(DIALOGS, map(literal, re.findall(LITERAL, call[1])), strict=True))


class Panel:
    """One session."""

    def __init__(self, base, front, user, password):
        self.start = f"{base.rstrip('/')}/{front}"
        self.session, self.password = requests.Session(), password
        page = Page(self.session.get(self.start).text)
        page.attribute("name", "id", "username")
        answer = self.session.post(self.start, data={
            "form_key": page.attribute("value", "name", "form_key"),
            "login[username]": user, "login[password]": password,
        })
        expect(answer.ok and Page(answer.text).title.strip().startswith("Dashboard"), "the panel does not sign in")

    def grid(self):
        """The grid and the messages that are due; keys and addresses are read anew."""
        dashboard = Page(self.session.get(self.start).text)
        menu = [attributes["href"] for tag, attributes in dashboard.elements
                if tag == "a" and "/integration/" in (attributes.get("href") or "")]
        expect(menu, "the menu has no link to the integrations")
        page = Page(self.session.get(menu[0], params={"limit": 200}).text)
        expect(page.title == "Integrations / Extensions / System / Magento Admin", f"the grid is titled `{page.title}`")
        self.form_key, self.urls = page.attribute("value", "name", "form_key"), page.dialogs()
        page.messages = [text for text in dashboard.messages + page.messages if "not using HTTPS" not in text]
        return page

    def save(self, form, fields):
        page = Page(self.session.get(form).text)
        action = page.attribute("action", "id", "edit_form")
        fields = [("form_key", page.attribute("value", "name", "form_key")), ("current_password", self.password), *fields]
        answer = self.session.post(action, data=fields, params={"isAjax": "true"}, headers={"X-Requested-With": "XMLHttpRequest"})
        expect("integrationId" in answer.json(), f"the save is answered with {answer.text}")
        expect("form_key=deleted" in answer.headers.get("Set-Cookie", ""), "the save does not end the form key")
        late = self.session.post(action, data=fields, params={"isAjax": "true"}, headers={"X-Requested-With": "XMLHttpRequest"})
        expect(late.json() == {"error": True, "message": "Invalid Form Key. Please refresh the page."},
               f"the form key lives on after a save: {late.text}")
        return answer.json()

    def dialog(self, name, row, reauthorize):
        url = self.urls[name].replace(":id", row["data-row-id"]).replace(":isReauthorize", reauthorize)
        return self.session.get(url, headers={"X-Requested-With": "XMLHttpRequest"})

    def tokens(self, row):
        answer = self.dialog("tokensDialog", row, row["data-row-is-reauthorize"])
        page = Page(answer.text)
        names = ["consumer_key", "consumer_secret", "token", "token_secret"]
        values = [page.attribute("value", "id", f"integration_token_{name}") for name in names]
        expect(all(re.fullmatch("[0-9a-z]{32}", value) for value in values), "the dialog does not show four values")
        return values

    def delete(self, row):
        url = re.search(r"'(http[^']*/integration/delete/id/\d+/[^']*)'", row["script"])
        expect(url, "the row has no address to delete it")
        answer = self.session.post(literal(url[1]), data={"form_key": self.form_key}, allow_redirects=False)
        expect(answer.status_code == 302, f"the delete is answered {answer.status_code}")


class Callback(BaseHTTPRequestHandler):
    """The callback endpoint: keeps the forms that were posted to it."""

    forms = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        Callback.forms.append({name: values[0] for name, values in parse_qs(body).items()})
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def drive(panel, listener):
    stamp = f"driven {int(time.time() * 1000)}"
    plain, exchanging = f"Plain {stamp}", f"Exchanging {stamp}"
    resources = [("all_resources", "0"), ("resource[]", "Magento_Sales::sales"), ("resource[]", "Magento_Sales::sales_operation")]
    made = panel.save(panel.grid().address("new"), [("name", plain), ("email", ""), *resources])
    expect(made["isTokenExchange"] == "0", "an integration without addresses would exchange tokens")
    edited = f"{plain} again"
    row = panel.grid().row(plain)
    expect((row["status"].strip(), row["data-row-is-reauthorize"]) == ("Inactive", "0"), "a new row is not inactive")
    form = literal(re.search(r"'(http[^']*/integration/edit/id/\d+/[^']*)'", row["script"])[1])
    panel.save(form, [("id", made["integrationId"]), ("name", edited), *resources])
    row = panel.grid().row(edited)
    permissions = panel.dialog("permissionsDialog", row, "0").text
    expect("treeInitData" in permissions and "Magento_Sales::sales_operation" in permissions, "the dialog asks for nothing")
    first = panel.tokens(row)
    page = panel.grid()
    expect(page.messages == [f"The integration '{edited}' has been activated."], f"after the activation: {page.messages}")
    row = page.row(edited)
    expect((row["status"].strip(), row["data-row-is-reauthorize"]) == ("Active", "1"), "an activated row is not active")
    second = panel.tokens(row)
    expect(first[:2] == second[:2] and first[2] != second[2], "authorising again does not give another token to the same consumer")

    panel.save(panel.grid().address("new"), [
        ("name", exchanging), ("endpoint", f"{listener}/callback"), ("identity_link_url", f"{listener}/link"), ("all_resources", "1")])
    row = panel.grid().row(exchanging)
    for reauthorize in ["0", "1"]:
        answer = panel.dialog("tokensExchange", row, reauthorize).json()
        form = Callback.forms[-1] if Callback.forms else {}
        expect(answer.get("identity_link_url") == f"{listener}/link", f"the exchange is answered with {json.dumps(answer)}")
        expect(form.get("oauth_consumer_key") == answer["oauth_consumer_key"], "no credentials were posted to the callback endpoint")
    verifiers = [form["oauth_verifier"] for form in Callback.forms]
    expect(len(set(verifiers)) == 2, "authorising again does not send another verifier")

    for name in [edited, exchanging]:
        page = panel.grid()
        panel.delete(page.row(name))
        page = panel.grid()
        expect(page.messages == [f"The integration '{name}' has been deleted."], f"after the delete: {page.messages}")
        expect(name not in [row["name"].strip() for row in page.rows], "the deleted row is still there")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base")
    parser.add_argument("user")
    parser.add_argument("password")
    parser.add_argument("--front-name", default="admin")
    wanted = parser.parse_args()
    server = HTTPServer(("127.0.0.1", 0), Callback)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        drive(Panel(wanted.base, wanted.front_name, wanted.user, wanted.password), f"http://127.0.0.1:{server.server_port}")
    except Refused as refusal:
        print(refusal)
        sys.exit(1)
    print("created, edited, activated, authorised again and deleted")


main()
