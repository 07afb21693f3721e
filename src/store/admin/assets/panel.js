// The panel's behaviour in a browser: tabs, resource tree, checks before a save, dialogs of an activation, confirmation of a delete.
// Everything else works without it.
const find = (selector, within = document) => within.querySelector(selector);
const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

/* Tabs: one section at a time, arrow keys move between them. */
function tabs() {
  const links = findAll("[data-tab]");
  if (links.length === 0) return;
  const list = links[0].closest("ul");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Basic Settings");
  const show = (link, focus) => {
    for (const other of links) {
      const section = find(other.getAttribute("href"));
      const chosen = other === link;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      section.hidden = !chosen;
    }
    if (focus) link.focus();
  };
  for (const link of links) {
    const section = find(link.getAttribute("href"));
    link.parentElement.setAttribute("role", "presentation");
    link.setAttribute("role", "tab");
    link.setAttribute("aria-controls", section.id);
    section.setAttribute("role", "tabpanel");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link, true);
    });
    link.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      show(links[(links.indexOf(link) + step + links.length) % links.length], true);
    });
  }
  show(links[0], false);
  return show;
}

/* The resource tree: checking a node checks everything below it, a node above a checked one is undetermined, and a parent stays checked
   when a child is cleared. What is posted: the checked ids, then the undetermined ones. */
function tree() {
  const root = find("#resource-tree");
  const form = find("#edit_form");
  if (!root || !form) return;
  const boxes = findAll("input[type=checkbox]", root);
  const posted = document.createElement("div");
  posted.hidden = true;
  form.append(posted);
  for (const box of boxes) box.removeAttribute("name");
  const below = (box) => findAll("input[type=checkbox]", box.closest("li")).filter((other) => other !== box);
  const settle = () => {
    for (const box of [...boxes].reverse()) {
      box.indeterminate = !box.checked && below(box).some((other) => other.checked);
    }
    const ids = boxes.filter((box) => box.checked).concat(boxes.filter((box) => box.indeterminate));
    posted.replaceChildren(...ids.map((box) => {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = "resource[]";
      input.value = box.value;
      return input;
    }));
  };
  root.addEventListener("change", (event) => {
    for (const other of below(event.target)) other.checked = event.target.checked;
    settle();
  });
  settle();
  const access = find("#all_resources");
  const container = find("#resources_container");
  const toggle = () => { container.hidden = access.value !== "0"; };
  access.addEventListener("change", toggle);
  toggle();
}

/* Checks before a save, with the sentences that the page brings. */
function complaint(form, field) {
  const value = field.value.trim();
  if (field.classList.contains("required-entry") && value === "") return form.dataset.required;
  if (value === "") return "";
  if (field.classList.contains("validate-email") && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return form.dataset.emailInvalid;
  if (field.classList.contains("validate-url") && !/^(https?|ftp):\/\/[^\s/?#]+([/?#]\S*)?$/i.test(value)) return form.dataset.urlInvalid;
  return "";
}

function isValid(form, show) {
  let first;
  for (const field of findAll("input.required-entry, input.validate-email, input.validate-url", form)) {
    if (field.matches(":disabled")) continue;
    const id = `${field.id}-error`;
    find(`#${id}`)?.remove();
    field.removeAttribute("aria-invalid");
    const text = complaint(form, field);
    if (!text) continue;
    const note = document.createElement("p");
    note.id = id;
    note.className = "mage-error";
    note.textContent = text;
    field.after(note);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", id);
    first ??= field;
  }
  if (first) {
    show?.(find("#integration_edit_tabs_info_section"), false);
    first.focus();
  }
  return !first;
}

/* Dialogs of an activation. */
const container = find("#integration-popup-container");
const dialog = find("#integration-dialog");
let leaveOnClose = false;

function fill(url, row) {
  return url.replace(":id", row.id).replace(":isReauthorize", row.reauthorize);
}

async function fetched(url, leaving) {
  const separator = url.includes("?") ? "&" : "?";
  const answer = await fetch(`${url}${separator}isAjax=true`, { headers: { "X-Requested-With": "XMLHttpRequest" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const text = await answer.text();
  let json;
  try { json = JSON.parse(text); } catch { return { html: text }; }
  const away = json._redirect ?? json.ajaxRedirect ?? (json.error ? container.dataset.gridUrl : undefined);
  if (away !== undefined) {
    leaving?.();
    location.href = away;
    return new Promise(() => {});
  }
  return { json };
}

function showDialog(title, html, button) {
  find(".modal-title", dialog).textContent = title;
  find(".slide-body", dialog).innerHTML = html;
  const actions = find(".slide-actions", dialog);
  actions.replaceChildren();
  if (button) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "primary action-primary";
    const label = document.createElement("span");
    label.textContent = button.text;
    element.append(label);
    Object.assign(element.dataset, button.data);
    element.addEventListener("click", button.work);
    actions.append(element);
  }
  if (!dialog.open) dialog.showModal();
  dialog.classList.add("_show");
  (find(".action-primary", dialog) ?? find(".action-close", dialog)).focus();
}

async function work(promise) {
  document.body.classList.add("busy");
  try {
    await promise;
  } catch {
    showDialog("Attention", `<p>${container.dataset.alert}</p>`);
  } finally {
    document.body.classList.remove("busy");
  }
}

async function permissions(row) {
  const { html } = await fetched(fill(container.dataset.permissionsUrl, row));
  const text = row.reauthorize === "1" ? "Reauthorize" : "Allow";
  const data = { rowDialog: "tokens", rowId: row.id, rowName: row.name, rowIsReauthorize: row.reauthorize, rowIsTokenExchange: row.exchange };
  showDialog(row.name, html, { text, data, work: () => work(row.exchange === "1" ? exchange(row, emptyWindow()) : tokens(row)) });
}

async function tokens(row) {
  const { html } = await fetched(fill(container.dataset.tokensUrl, row));
  leaveOnClose = true;
  showDialog(row.name, html, { text: "Done", work: () => dialog.close() });
  for (const field of findAll("input.secret", dialog)) field.addEventListener("focus", () => field.select());
}

/* The window opens at the click, still empty, so that no blocker takes it for an advertisement; it leaves for the app once the store has
   sent its credentials. */
function emptyWindow() {
  const left = Math.max(0, (screen.width - 680) / 2);
  const top = Math.max(0, (screen.height - 510) / 2);
  return window.open("", "", `top=${top}, left=${left}, width=680, height=510,scrollbars=no`);
}

async function exchange(row, popup) {
  let json;
  try {
    ({ json } = await fetched(fill(container.dataset.exchangeUrl, row), () => popup?.close()));
  } catch (error) {
    popup?.close();
    throw error;
  }
  const callback = container.dataset.successCallbackUrl;
  const encode = (text) => encodeURIComponent(text).replace(/%20/g, "+");
  const query = `oauth_consumer_key=${encode(json.oauth_consumer_key)}&success_call_back=${encode(callback)}`;
  leaveOnClose = true;
  showDialog(row.name, json.popup_content);
  if (!popup) {
    const note = document.createElement("p");
    note.className = "mage-error";
    note.setAttribute("role", "alert");
    note.textContent = container.dataset.popupBlocked;
    find(".slide-body", dialog).append(note);
    return;
  }
  popup.location.href = `${json.identity_link_url}?${query}`;
  const poll = setInterval(() => {
    let back = popup.closed;
    try { back ||= popup.location.href === callback; } catch { /* Another origin: the person is still there. */ }
    if (!back) return;
    clearInterval(poll);
    location.href = container.dataset.gridUrl;
  }, 500);
}

function dialogs() {
  if (!dialog) return;
  dialog.addEventListener("close", () => {
    dialog.classList.remove("_show");
    find(".slide-body", dialog).replaceChildren();
    if (leaveOnClose) location.href = container.dataset.gridUrl;
  });
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    if (close) close.closest("dialog").close();
    const link = event.target.closest("[data-row-dialog=permissions]");
    if (!link) return;
    event.preventDefault();
    const { rowId, rowName, rowIsReauthorize, rowIsTokenExchange } = link.dataset;
    work(permissions({ id: rowId, name: rowName, reauthorize: rowIsReauthorize, exchange: rowIsTokenExchange }));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches("[role=button]")) {
      event.preventDefault();
      event.target.click();
    }
  });
}

function deletion() {
  const confirm = find("#confirm");
  if (!confirm) return;
  confirm.addEventListener("close", () => confirm.classList.remove("_show"));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.delete[data-url]");
    if (!button) return;
    find("form", confirm).action = button.dataset.url;
    confirm.showModal();
    confirm.classList.add("_show");
    find(".action-dismiss", confirm).focus();
  });
}

function saving(show) {
  const form = find("#edit_form");
  if (!form) return;
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    if (!isValid(form, show)) event.preventDefault();
  });
  find("[data-save-and-activate]")?.addEventListener("click", () => {
    if (isValid(form, show)) work(saveAndActivate(form));
  });
}

async function saveAndActivate(form) {
  const answer = await fetch(`${form.action}?isAjax=true`, {
    method: "POST",
    headers: { "X-Requested-With": "XMLHttpRequest", "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8" },
    body: new URLSearchParams(new FormData(form)).toString(),
    credentials: "same-origin",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const saved = await answer.json();
  const away = saved._redirect ?? saved.ajaxRedirect ?? (saved.error ? container.dataset.gridUrl : undefined);
  if (away !== undefined) {
    location.href = away;
    return;
  }
  leaveOnClose = true;
  await permissions({ id: saved.integrationId, name: form.elements.name.value, reauthorize: "0", exchange: saved.isTokenExchange });
}

/* The line that tells the two ways of saving apart. */
function saveChoice() {
  const toggle = find(".action-toggle");
  toggle?.addEventListener("click", () => {
    const about = find(`#${toggle.getAttribute("aria-controls")}`);
    about.hidden = !about.hidden;
    toggle.setAttribute("aria-expanded", String(!about.hidden));
  });
  toggle?.parentElement.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && toggle.getAttribute("aria-expanded") === "true") toggle.click();
  });
}

const show = tabs();
saveChoice();
tree();
dialogs();
deletion();
saving(show);
document.documentElement.dataset.ready = "true";
