#!/usr/bin/env python3
"""Makes docs/terminal.svg, the picture of the README, from what the commands really print.

usage: docs/terminal.py [MAGESPEC]      the binary; target/release/magespec when left out
"""

import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAGESPEC = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/magespec").resolve())
COLUMNS, LINE, LETTER, EDGE = 98, 18, 7.83, 20
COLOURS = {"31": "#e5786d", "32": "#7fc08a", "33": "#dfb050", "34": "#7aa7d9", "35": "#c99bd0", "36": "#6cc4cc"}
COLOURS |= {str(int(code) + 60): colour for code, colour in COLOURS.items()}

EXTENSION = {
    "registration.php": "<?php\nuse Magento\\Framework\\Component\\ComponentRegistrar;\n"
    "ComponentRegistrar::register(ComponentRegistrar::MODULE, 'Acme_Stock', __DIR__);\n",
    "etc/module.xml": '<?xml version="1.0"?>\n<config xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:noNamespaceSchemaLocation="urn:magento:framework:Module/etc/module.xsd">\n'
    '    <module name="Acme_Stock"><sequence><module name="Magento_Integration"/></sequence></module>\n</config>\n',
    "etc/integration.xml": '<?xml version="1.0"?>\n<config xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:noNamespaceSchemaLocation="urn:magento:module:Magento_Integration:etc/integration/integration.xsd">\n'
    '    <integration name="Acme Stock">\n        <email>help@acme-stock.com</email>\n'
    "        <endpoint_url>https://app.acme-stock.com/callback</endpoint_url>\n"
    "        <identity_link_url>https://app.acme-stock.com/login</identity_link_url>\n"
    '        <resources>\n            <resource name="Magento_Sales::action_view"/>\n        </resources>\n    </integration>\n</config>\n',
}


def run(arguments, folder):
    """What a command prints, with its colours."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAGESPEC_") and key != "NO_COLOR"}
    environment |= {"COLUMNS": str(COLUMNS), "CLICOLOR_FORCE": "1"}
    done = subprocess.run([MAGESPEC, "--color", "always", *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.splitlines()


def spans(line):
    """The pieces of a line with the colour and the weight of each; the line is cut at the edge of the window."""
    colour, bold, dim, room, found = None, False, False, COLUMNS, []
    for text, code in re.findall(r"([^\x1b]*)(?:\x1b\[([0-9;]*)m)?", line):
        if len(text) > room:
            text = text[: max(room - 1, 0)] + "…"
        room -= len(text)
        if text:
            found.append((text, colour, bold, dim))
        for one in code.split(";") if code else []:
            if one in ("0", ""):
                colour, bold, dim = None, False, False
            elif one == "1":
                bold = True
            elif one == "2":
                dim = True
            elif one in COLOURS:
                colour = COLOURS[one]
            elif one == "39":
                colour = None
        if room <= 0:
            break
    return found


def picture(lines):
    height = EDGE * 2 + LINE * len(lines) + 14
    width = round(EDGE * 2 + COLUMNS * LETTER)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
           'aria-label="Terminal: magespec test, lint and doctor">',
           f'<rect width="{width}" height="{height}" rx="10" fill="#171d22"/>',
           '<g fill="#4b5861"><circle cx="22" cy="18" r="5"/><circle cx="40" cy="18" r="5"/><circle cx="58" cy="18" r="5"/></g>',
           '<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="13" fill="#dbe3e8" style="white-space:pre">']
    for number, line in enumerate(lines):
        pieces = "".join(
            "<tspan" + (f' fill="{colour}"' if colour else "") + (' font-weight="700"' if bold else "") + (' opacity=".65"' if dim else "")
            + f">{html.escape(text, quote=False).replace(' ', chr(160))}</tspan>" for text, colour, bold, dim in spans(line))
        out.append(f'<text x="{EDGE}" y="{EDGE + 24 + LINE * number}">{pieces}</text>')
    return "\n".join(out + ["</g>", "</svg>", ""])


def prompt(command):
    return f"\x1b[36m$\x1b[0m \x1b[1m{command}\x1b[0m"


def main():
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for path, text in EXTENSION.items():
            file = folder / "extension" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        test = run(["test", "--quick"], folder)
        groups = [line for line in test if "✓" in line or "✗" in line]
        end = [line for line in test[-3:] if line.strip()]
        lines += [prompt("magespec test --quick"), *groups[:6], f"  … {len(groups) - 6} more groups", *end, ""]
        lint = run(["lint", "extension"], folder)
        lines += [prompt("magespec lint extension"), *[line for line in lint if line.strip()], ""]
        store = subprocess.Popen([MAGESPEC, "serve", "--quiet", "--ephemeral", "--stop-with-parent", "--listen", "127.0.0.1:8080",
                                  "--integration", "Orders", "--ready-file", "ready.json"], cwd=folder)
        try:
            while not (folder / "ready.json").exists():
                time.sleep(0.05)
            url = json.loads((folder / "ready.json").read_text())["url"]
            signed = run(["sign", "GET", f"{url}rest/V1/store/storeViews", "--credentials", "ready.json", "--show", "curl"], folder)
        finally:
            store.terminate()
            store.wait()
        (folder / "request.txt").write_text("\n".join(signed).replace("storeViews", "storeViews?page=2"))
        doctor = run(["doctor", "request.txt", "--credentials", "ready.json"], folder)
        shown = [line for line in doctor if not re.search(r"^  (accepted|refused|client) |^ +magento-|oauth_", line)]
        lines += [prompt("magespec doctor request.txt --credentials ready.json"), *[line for line in shown if line.strip()]]
    (ROOT / "docs/terminal.svg").write_text(picture(lines))


if __name__ == "__main__":
    main()
