// All words have to be somewhere; a hit in an id or a title comes before one in the text.
const form = document.getElementById("search");
const found = document.getElementById("found");
const count = document.getElementById("count");
const contents = document.getElementById("contents");
const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}/.:-]+/gu, " ").trim();
const rows = PAGES.map(([kind, id, title, place, text]) => ({ kind, id, title, place, head: plain(id + " " + title), all: plain(id + " " + title + " " + text) }));
const SHOWN = 50;
function search() {
  const wanted = plain(form.q.value);
  const words = wanted.split(" ").filter(Boolean);
  contents.hidden = words.length > 0;
  found.replaceChildren();
  if (!words.length) { count.textContent = ""; return; }
  const rank = (row) => (row.head.includes(wanted) ? 0 : words.every((word) => row.head.includes(word)) ? 1 : words.every((word) => row.all.includes(word)) ? 2 : 3);
  const hits = rows.map((row) => [rank(row), row]).filter(([at]) => at < 3).sort((one, other) => one[0] - other[0]);
  count.textContent = hits.length > SHOWN ? `${SHOWN} of ${hits.length} pages` : `${hits.length} ${hits.length === 1 ? "page" : "pages"}`;
  for (const [, row] of hits.slice(0, SHOWN)) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const note = document.createElement("small");
    link.href = row.place;
    link.textContent = row.title;
    note.textContent = ` ${row.kind} ${row.id}`;
    item.append(link, note);
    found.append(item);
  }
}
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => { history.replaceState(null, "", "?q=" + encodeURIComponent(form.q.value)); search(); });
form.q.value = new URLSearchParams(location.search).get("q") ?? "";
form.q.focus();
search();
