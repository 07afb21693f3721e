// Shows the dashboard anew whenever the app says that something has changed.
"use strict";
const main = document.querySelector("main");
const events = new EventSource("/events?after=" + main.dataset.changes);
events.onmessage = async () => {
  const answer = await fetch("/");
  if (!answer.ok || answer.redirected) {
    location.reload();
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const open = new Set([...main.querySelectorAll("details[open]")].map((details) => details.id));
  const focused = document.activeElement && document.activeElement.id;
  main.replaceChildren(...fresh.querySelector("main").childNodes);
  for (const id of open) {
    const details = document.getElementById(id);
    if (details) details.open = true;
  }
  if (focused) document.getElementById(focused)?.focus();
};
