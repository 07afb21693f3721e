// The panel's behaviour in a browser. The inline scripts of its pages call what stands here, by the names that a real panel gives it:
// Integration, varienGrid, setLocation. Everything else is found in the page once it is read.
(() => {
"use strict";
const find = (selector, within = document) => within.querySelector(selector);
const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

window.setLocation = (url) => { window.location.href = url; };

/* The data-mage-init of an element. */
function wanted(element) {
  try { return JSON.parse(element.dataset.mageInit ?? "{}"); } catch { return {}; }
}

/* Markup that a script puts into the page; its own scripts run. */
function put(place, html) {
  const range = document.createRange();
  range.selectNode(place);
  place.replaceChildren(range.createContextualFragment(html));
}

/* What the store as a whole has to say: data of the page, drawn here. */
function notices() {
  const data = find("script[type='text/x-magento-init']");
  if (!data) return;
  const { items = [] } = JSON.parse(data.textContent)["*"]?.notification_area ?? {};
  for (const { text } of items) {
    const note = made("div", { class: "message message-system", role: "status" });
    note.innerHTML = text;
    data.before(note);
  }
}

/* Roles that a real panel writes and no reader knows. */
function roles() {
  for (const element of findAll("#nav, #nav [role]")) element.removeAttribute("role");
}

/* Menus that open at a click: the account, and the two ways of saving. Arrow keys move in them, Escape closes them. */
function dropdowns() {
  const toggles = findAll("[data-toggle=dropdown]");
  const menuOf = (toggle) => find("ul", toggle.parentElement);
  const entries = (toggle) => findAll("[role=menuitem]", menuOf(toggle));
  const set = (toggle, open) => {
    toggle.classList.toggle("active", open);
    toggle.parentElement.classList.toggle("active", open);
    toggle.setAttribute("aria-expanded", String(open));
  };
  const close = (except) => toggles.filter((toggle) => toggle !== except).forEach((toggle) => set(toggle, false));
  for (const toggle of toggles) {
    const menu = menuOf(toggle);
    toggle.setAttribute("aria-haspopup", "menu");
    if (toggle.localName === "a") toggle.setAttribute("role", "button");
    menu.setAttribute("role", "menu");
    menu.setAttribute("aria-label", toggle.title || "Actions");
    for (const entry of [...menu.children]) {
      entry.setAttribute("role", "none");
      const item = entry.firstElementChild;
      item.setAttribute("role", "menuitem");
      item.tabIndex = -1;
    }
    toggle.addEventListener("keydown", (event) => {
      if (event.key === " " && toggle.localName === "a") {
        event.preventDefault();
        toggle.click();
      }
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      close(toggle);
      set(toggle, true);
      entries(toggle).at(event.key === "ArrowDown" ? 0 : -1).focus();
    });
    menu.addEventListener("keydown", (event) => {
      const items = entries(toggle);
      const at = items.indexOf(document.activeElement);
      const next = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        items[next % items.length].focus();
      } else if (event.key === "Escape") {
        set(toggle, false);
        toggle.focus();
      } else if (event.key === "Tab") {
        set(toggle, false);
      } else if (event.key === " " || (event.key === "Enter" && !event.target.href)) {
        event.preventDefault();
        set(toggle, false);
        event.target.click();
      }
    });
  }
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-toggle=dropdown]");
    close(toggle);
    if (!toggle) return;
    event.preventDefault();
    set(toggle, !toggle.classList.contains("active"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === " " && event.target.matches("[role=button]:not(button):not(a)")) {
      event.preventDefault();
      event.target.click();
    } else if (event.key === "Enter" && event.target.matches("span[role=button]")) {
      event.target.click();
    }
  });
}

/* Whether the form was changed and not sent: then the browser asks before the page is left. */
let changed = false;
function leaving() {
  const form = find("#edit_form");
  if (!form) return;
  document.addEventListener("input", (event) => { if (event.target.form === form) changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

/* Buttons that copy what a field shows. */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
  }
}

function copyable(within) {
  for (const field of findAll("input[readonly]", within)) {
    if (field.parentElement.matches(".with-copy")) continue;
    const label = find(`label[for="${field.id}"]`, within)?.textContent.trim() ?? "";
    const button = made("button", { type: "button", class: "action-default small", "aria-label": `Copy ${label}` }, "Copy");
    button.addEventListener("click", async () => {
      await copied(field);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    const row = made("div", { class: "with-copy" });
    field.replaceWith(row);
    row.append(field, button);
  }
}

/* The four values as the file that `magespec test --credentials` reads. */
function credentialsLink(within, name) {
  const names = { consumer_key: "consumer_key", consumer_secret: "consumer_secret", token: "access_token", token_secret: "access_token_secret" };
  const lines = Object.entries(names).map(([field, key]) => {
    const value = find(`input[name="${field}"]`, within)?.value;
    return value === undefined ? undefined : `${key} = ${JSON.stringify(value)}`;
  });
  if (lines.includes(undefined)) return undefined;
  const file = new Blob([`${lines.join("\n")}\n`], { type: "application/toml" });
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "integration";
  return made("a", { class: "button", href: URL.createObjectURL(file), download: `${slug}.toml` }, "Download the credentials");
}

/* Tabs: their content moves into the form, one at a time is shown, arrow keys move between them. */
function tabs() {
  const box = find("#integration_edit_tabs");
  const form = find("#edit_form");
  if (!box || !form) return undefined;
  const list = find("ul", box);
  const items = [...list.children];
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Basic Settings");
  const show = (item, focus) => {
    for (const other of items) {
      const chosen = other === item;
      const link = find("a", other);
      const content = document.getElementById(link.hash.slice(1));
      other.classList.toggle("ui-tabs-active", chosen);
      other.classList.toggle("ui-state-active", chosen);
      link.setAttribute("aria-selected", String(chosen));
      link.tabIndex = chosen ? 0 : -1;
      content.hidden = !chosen;
      if (chosen && focus) link.focus();
    }
  };
  for (const item of items) {
    const link = find("a", item);
    const content = find("div", item);
    item.setAttribute("role", "presentation");
    link.setAttribute("role", "tab");
    link.setAttribute("aria-controls", content.id);
    content.setAttribute("role", "tabpanel");
    content.setAttribute("aria-labelledby", link.id);
    content.classList.add("ui-tabs-panel");
    form.append(content);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(item, true);
    });
    link.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      show(items[(items.indexOf(item) + step + items.length) % items.length], true);
    });
  }
  show(items[0], false);
  return () => show(items[0], false);
}

/* The resource tree. Choosing a node chooses what is below it; a node above a chosen one is undetermined; a parent stays chosen when a
   child is given up. What a form posts: the chosen ids, then the undetermined ones. */
class RolesTree {
  constructor(place, options) {
    this.place = typeof place === "string" ? find(place) : place;
    this.form = options.editFormSelector && find(options.editFormSelector);
    this.boxes = options.checkboxVisible !== false;
    this.nodes = [];
    const root = made("ul", { class: "jstree-container-ul jstree-children", role: "presentation" });
    for (const data of options.treeInitData) root.append(this.draw(data, 1, undefined));
    this.place.classList.add("jstree", "jstree-default");
    this.place.setAttribute("role", "tree");
    this.place.setAttribute("aria-multiselectable", "true");
    this.place.setAttribute("aria-label", "Resources");
    this.place.replaceChildren(root);
    if (this.nodes.length > 0) {
      this.place.before(this.tools());
      this.nodes[0].anchor.tabIndex = 0;
    } else {
      this.place.append(made("p", { class: "nothing" }, "Nothing to show here: the parents of what is selected are not selected themselves."));
    }
    this.place.addEventListener("click", (event) => this.clicked(event));
    this.place.addEventListener("keydown", (event) => this.pressed(event));
    this.settle();
  }

  draw(data, level, above) {
    const { id, text, children, state } = data;
    const anchor = made("a", { class: "jstree-anchor", href: "#", role: "treeitem", tabindex: "-1", "aria-level": level, id: `${id}_anchor` });
    anchor.append(made("i", { class: "jstree-icon jstree-checkbox", role: "presentation" }), text || id);
    if (text && text !== id) anchor.dataset.resource = id;
    const item = made("li", { role: "none", "data-id": id, id, class: "jstree-node" });
    item.append(made("i", { class: "jstree-icon jstree-ocl", role: "presentation" }), anchor);
    const node = { id, item, anchor, above, below: [], chosen: state.selected, fixed: Boolean(state.disabled) };
    if (node.fixed) {
      anchor.classList.add("jstree-disabled");
      anchor.setAttribute("aria-disabled", "true");
    }
    this.nodes.push(node);
    if (children.length > 0) {
      const list = made("ul", { role: "group", class: "jstree-children" });
      for (const child of children) list.append(this.draw(child, level + 1, node));
      item.append(list);
      this.open(node, state.opened);
    } else {
      item.classList.add("jstree-leaf");
    }
    above?.below.push(node);
    return item;
  }

  open(node, opened) {
    if (!find("ul", node.item)) return;
    node.opened = opened;
    node.item.classList.toggle("jstree-open", opened);
    node.item.classList.toggle("jstree-closed", !opened);
    node.anchor.setAttribute("aria-expanded", String(opened));
  }

  /* A field to search with, and buttons for the whole tree. */
  tools() {
    const search = made("input", { type: "search", class: "tree-search admin__control-text", placeholder: "Search the resources", "aria-label": "Search the resources" });
    search.addEventListener("input", () => this.search(search.value.trim().toLowerCase()));
    search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    const button = (text, opened) => {
      const element = made("button", { type: "button", class: "action-default small" }, text);
      element.addEventListener("click", () => this.nodes.forEach((node) => this.open(node, opened)));
      return element;
    };
    return made("div", { class: "tree-tools" }, search, button("Open all", true), button("Close all", false));
  }

  search(words) {
    const found = new Set();
    for (const node of this.nodes) {
      const text = `${node.anchor.textContent} ${node.id}`.toLowerCase();
      if (words && !text.includes(words)) continue;
      for (let it = node; it; it = it.above) {
        found.add(it);
        if (words && it !== node) this.open(it, true);
      }
    }
    for (const node of this.nodes) node.item.hidden = !found.has(node);
    const shown = this.visible();
    if (shown.length > 0 && !shown.some((node) => node.anchor.tabIndex === 0)) this.focus(shown[0], false);
  }

  clicked(event) {
    const item = event.target.closest("li");
    const node = this.nodes.find((other) => other.item === item);
    if (!node) return;
    event.preventDefault();
    if (event.target.matches(".jstree-ocl")) {
      this.open(node, !node.opened);
    } else if (event.target.closest("a")) {
      this.focus(node, true);
      this.toggle(node);
    }
  }

  pressed(event) {
    const node = this.nodes.find((other) => other.anchor === event.target);
    if (!node) return;
    const shown = this.visible();
    const at = shown.indexOf(node);
    const moves = {
      ArrowDown: () => this.focus(shown[at + 1], true),
      ArrowUp: () => this.focus(shown[at - 1], true),
      Home: () => this.focus(shown[0], true),
      End: () => this.focus(shown.at(-1), true),
      ArrowRight: () => (node.opened === false ? this.open(node, true) : this.focus(node.below[0], true)),
      ArrowLeft: () => (node.opened ? this.open(node, false) : this.focus(node.above, true)),
      " ": () => this.toggle(node),
      Enter: () => this.toggle(node),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  visible() {
    return this.nodes.filter((node) => {
      for (let it = node; it; it = it.above) {
        if (it.item.hidden || (it !== node && it.opened === false)) return false;
      }
      return true;
    });
  }

  focus(node, really) {
    if (!node) return;
    for (const other of this.nodes) other.anchor.tabIndex = other === node ? 0 : -1;
    if (really) node.anchor.focus();
  }

  toggle(node) {
    if (node.fixed) return;
    const choose = (it, chosen) => {
      it.chosen = chosen;
      if (chosen) this.open(it, true);
      it.below.forEach((child) => choose(child, chosen));
    };
    choose(node, !node.chosen);
    if (this.form) changed = true;
    this.settle();
  }

  settle() {
    const undetermined = [];
    for (const node of [...this.nodes].reverse()) {
      node.holds = node.chosen || node.below.some((child) => child.holds);
      const mixed = node.holds && !node.chosen;
      if (mixed) undetermined.unshift(node);
      node.anchor.classList.toggle("jstree-clicked", node.chosen);
      node.anchor.setAttribute("aria-selected", String(node.chosen));
      if (this.boxes) node.anchor.setAttribute("aria-checked", mixed ? "mixed" : String(node.chosen));
      find(".jstree-checkbox", node.anchor).classList.toggle("jstree-undetermined", mixed);
    }
    this.place.classList.toggle("jstree-no-checkboxes", !this.boxes);
    if (!this.form) return;
    for (const input of findAll("input[name='resource[]']", this.form)) input.remove();
    const ids = this.nodes.filter((node) => node.chosen).concat(undetermined);
    this.form.append(...ids.map(({ id }) => made("input", { type: "hidden", name: "resource[]", value: id })));
  }
}
window.RolesTree = RolesTree;

function trees() {
  for (const place of findAll("[data-role=resource-tree][data-mage-init]")) {
    const { rolesTree } = wanted(place);
    if (rolesTree) new RolesTree(place, rolesTree);
  }
  const access = find("select#all_resources");
  access?.addEventListener("change", () => {
    find("[data-role=tree-resources-container]").classList.toggle("no-display", access.value !== "0");
  });
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

function isValid(form, showFirst) {
  let first;
  for (const field of findAll("input.required-entry, input.validate-email, input.validate-url", form)) {
    if (field.matches(":disabled")) continue;
    const id = `${field.id}-error`;
    document.getElementById(id)?.remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-errormessage");
    field.classList.remove("mage-error");
    const text = complaint(form, field);
    if (!text) continue;
    field.after(made("label", { id, class: "mage-error", for: field.id, generated: "true", "aria-live": "polite" }, text));
    field.classList.add("mage-error");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", id);
    first ??= field;
  }
  if (first) {
    showFirst?.();
    first.focus();
  }
  return !first;
}

function saving(showFirst) {
  const form = find("#edit_form");
  if (!form) return;
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    if (!isValid(form, showFirst)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mage-init]");
    const { button: action, integration } = button ? wanted(button) : {};
    if (action?.target !== "#edit_form") return;
    event.preventDefault();
    if (action.event === "save") form.requestSubmit();
    else if (isValid(form, showFirst)) work(saveAndActivate(form, integration.gridUrl));
  });
}

/* Slides and questions in front of the page; the page behind them cannot be reached meanwhile. */
let opened = 0;
function modal(kind, title, content, buttons, closed) {
  const before = document.activeElement;
  const wrapper = find(".modals-wrapper") ?? document.body.appendChild(made("div", { class: "modals-wrapper" }));
  const number = ++opened;
  const heading = made("h1", { id: `modal-title-${number}`, class: "modal-title", "data-role": "title" }, title);
  const cross = made("button", { class: "action-close", "data-role": "closeBtn", type: "button" }, made("span", {}, "Close"));
  const header = made("header", { class: "modal-header" }, heading, cross);
  const body = made("div", { id: `modal-content-${number}`, class: "modal-content", "data-role": "content" }, content);
  const actions = buttons.map(({ text, css, attributes, click }) => {
    const button = made("button", { class: css, type: "button", "data-role": "action", ...attributes }, made("span", {}, text));
    button.addEventListener("click", () => click(button));
    return button;
  });
  const inner = made("div", {
    role: "dialog", "aria-modal": "true", "aria-labelledby": heading.id, "aria-describedby": body.id,
    class: "modal-inner-wrap", "data-role": "focusable-scope",
  }, header, body);
  if (kind.startsWith("modal-slide")) {
    const row = made("div", { class: "page-actions-buttons" }, ...actions);
    header.append(made("div", { class: "page-main-actions" }, made("div", { class: "page-actions" }, row)));
  } else {
    inner.append(made("footer", { class: "modal-footer" }, ...actions));
  }
  const aside = made("aside", {
    class: `${kind} _show`,
    "data-role": "modal", "data-type": kind.startsWith("modal-slide") ? "slide" : "popup", tabindex: "-1",
  }, inner);
  const overlay = made("div", { class: "modals-overlay" });
  wrapper.append(aside, overlay);
  const others = [...document.body.children].filter((element) => element !== wrapper);
  for (const other of others) other.inert = true;
  document.body.classList.add("_has-modal");
  const close = (quietly) => {
    aside.remove();
    overlay.remove();
    for (const other of others) other.inert = false;
    document.body.classList.remove("_has-modal");
    before?.focus?.();
    if (quietly !== true) closed?.();
  };
  cross.addEventListener("click", close);
  overlay.addEventListener("click", close);
  aside.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  (actions[0] ?? cross).focus();
  return { body, close, aside };
}

/* Dialogs of an activation. */
let texts = {};
window.IntegrationTexts = function IntegrationTexts(given) { texts = given; };

async function asked(url, options = {}) {
  const answer = await fetch(url, { credentials: "same-origin", ...options, headers: { "X-Requested-With": "XMLHttpRequest", ...options.headers } });
  if (!answer.ok) throw new Error(String(answer.status));
  const text = await answer.text();
  let json;
  try { json = JSON.parse(text); } catch { return { html: text }; }
  return { json };
}

async function work(promise) {
  document.body.classList.add("busy");
  try {
    await promise;
  } catch {
    modal("modal-popup alert", "Attention", made("p", {}, texts.alert), [{ text: "OK", css: "action-primary action-accept", click: (button) => button.closest("aside").querySelector(".action-close").click() }]);
  } finally {
    document.body.classList.remove("busy");
  }
}

/* An empty pop-up opens at the click, so that no blocker takes it for an advertisement; it leaves for the app once the store has sent its
   credentials. */
function emptyWindow() {
  const left = Math.max(0, (screen.width - 680) / 2);
  const top = Math.max(0, (screen.height - 510) / 2);
  return window.open("", "", `top=${top}, left=${left}, width=680, height=510,scrollbars=no`);
}

window.Integration = function Integration(permissions, tokens, tokensExchange, grid, successCallback) {
  const urls = { permissions, tokens, tokensExchange };
  const home = () => { window.location.href = grid; };

  async function show(row, popup) {
    const url = urls[row.dialog].replace(":id", row.id).replace(":isReauthorize", row.reauthorize);
    const query = new URLSearchParams({ form_key: window.FORM_KEY, _: Date.now() });
    const { html, json } = await asked(`${url}?${query}`);
    const away = json?._redirect ?? json?.ajaxRedirect ?? (json?.error ? grid : undefined);
    if (away !== undefined) {
      popup?.close();
      window.location.href = away;
      return;
    }
    const container = find("#integration-popup-container");
    container.style.display = "";
    const dialog = modal("modal-slide", row.name, container, buttons(row), () => {
      container.style.display = "none";
      document.body.append(container);
      if (row.dialog !== "permissions" || row.saved) home();
    });
    row.close = () => {
      container.style.display = "none";
      document.body.append(container);
      dialog.close(true);
    };
    put(container, json ? json.popup_content : html);
    if (row.dialog === "tokens") {
      copyable(container);
      const link = credentialsLink(container, row.name);
      if (link) container.append(made("div", { class: "token-actions" }, link));
    }
    if (json) follow(json, popup, container);
  }

  function buttons(row) {
    if (row.dialog === "tokens") return [{ text: "Done", css: "action-primary", click: home }];
    if (row.dialog !== "permissions") return [];
    const next = row.exchange === "1" ? "tokensExchange" : "tokens";
    const attributes = {
      "data-row-id": row.id, "data-row-name": row.name, "data-row-dialog": next,
      "data-row-is-reauthorize": row.reauthorize, "data-row-is-token-exchange": row.exchange,
    };
    const click = () => {
      const popup = next === "tokensExchange" ? emptyWindow() : undefined;
      row.close();
      work(show({ ...row, dialog: next }, popup).catch((error) => {
        popup?.close();
        throw error;
      }));
    };
    return [{ text: row.reauthorize === "1" ? "Reauthorize" : "Allow", css: "action-primary", attributes, click }];
  }

  function follow(json, popup, container) {
    const encode = (text) => encodeURIComponent(text).replace(/%20/g, "+");
    const query = `oauth_consumer_key=${encode(json.oauth_consumer_key)}&success_call_back=${encode(successCallback)}`;
    const address = `${json.identity_link_url}?${query}`;
    let timer;
    const watch = (app) => {
      clearInterval(timer);
      timer = setInterval(() => {
        let back = app.closed;
        try { back ||= app.location.href === successCallback; } catch { /* Another origin: the person is still there. */ }
        if (!back) return;
        clearInterval(timer);
        home();
      }, 500);
    };
    if (popup) {
      popup.location.href = address;
      watch(popup);
    } else {
      container.append(made("p", { class: "mage-error", role: "alert" }, texts.blocked));
    }
    // For whom the pop-up was blocked, or went behind another window.
    const link = made("a", { href: address, target: "_blank", class: "app-link" }, "Open the app's page");
    link.addEventListener("click", (event) => {
      if (popup && !popup.closed) {
        event.preventDefault();
        popup.focus();
        return;
      }
      const again = emptyWindow();
      if (!again) return;
      event.preventDefault();
      popup = again;
      popup.location.href = address;
      watch(popup);
    });
    container.append(made("p", {}, "No window to be seen? ", link));
  }

  const rowOf = (element) => {
    const { rowId, rowName, rowDialog, rowIsReauthorize, rowIsTokenExchange } = element.dataset;
    const named = element.closest("tr")?.querySelector(".col-name")?.firstChild?.textContent.trim();
    return { id: rowId, name: rowName ?? named ?? "", dialog: rowDialog, reauthorize: rowIsReauthorize, exchange: rowIsTokenExchange };
  };
  return { popup: { show: (element) => work(show(rowOf(element))), showRow: show } };
};

async function saveAndActivate(form, grid) {
  const { json } = await asked(form.action, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8" },
    body: new URLSearchParams(new FormData(form)).toString(),
  });
  changed = false;
  const away = json?._redirect ?? json?.ajaxRedirect;
  if (away !== undefined || !json?.integrationId) {
    window.location.href = away ?? grid;
    return;
  }
  const name = form.elements.name.value;
  await window.integration.popup.showRow({ id: json.integrationId, name, dialog: "permissions", reauthorize: "0", exchange: json.isTokenExchange, saved: true });
}

/* The grid: filter, order, pages and size, each by a fresh fragment. */
window.varienGrid = function varienGrid(id, url, pageVar, sortVar, dirVar, filterVar) {
  const container = () => document.getElementById(id);
  // The store keeps nothing of what is shown: every address says all of it.
  const kept = {};
  const load = (pairs) => work((async () => {
    Object.assign(kept, pairs);
    const path = Object.entries(kept).map(([name, value]) => `${name}/${encodeURIComponent(value)}/`).join("");
    const { html, json } = await asked(`${url}${path}?ajax=true&isAjax=true`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8" },
      body: new URLSearchParams({ form_key: window.FORM_KEY }).toString(),
    });
    if (json) {
      window.location.href = json.ajaxRedirect ?? window.BASE_URL;
      return;
    }
    const focused = document.activeElement?.id;
    put(container(), html);
    heads();
    if (focused) document.getElementById(focused)?.focus();
  })());
  const grid = {
    doFilter() {
      const fields = findAll(".data-grid-filters input, .data-grid-filters select", container()).filter((field) => field.value);
      const text = fields.map((field) => `${encodeURIComponent(field.name)}=${encodeURIComponent(field.value)}`).join("&");
      return load({ [pageVar]: 1, [filterVar]: btoa(text) });
    },
    resetFilter: () => load({ [pageVar]: 1, [filterVar]: "" }),
    setPage: (page) => load({ [pageVar]: page }),
    loadByElement: (element) => load({ [element.name]: element.value }),
    inputPage(event, last) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      grid.setPage(Math.min(Math.max(1, Number.parseInt(event.target.value, 10) || 1), Number(last)));
    },
  };
  const heads = () => {
    for (const head of findAll("th._sortable", container())) {
      const label = find("span", head);
      label.tabIndex = 0;
      label.setAttribute("role", "button");
      head.setAttribute("aria-sort", head.matches("._ascend") ? "ascending" : head.matches("._descend") ? "descending" : "none");
      head.addEventListener("click", () => load({ [sortVar]: head.dataset.sort, [dirVar]: head.dataset.direction }));
    }
  };
  heads();
  container().addEventListener("click", (event) => {
    const action = event.target.closest("[data-action]")?.dataset.action;
    if (action === "grid-filter-apply") grid.doFilter();
    if (action === "grid-filter-reset") grid.resetFilter();
    const remove = event.target.closest("button#delete[data-url]");
    if (remove) confirmDelete(remove.dataset.url, remove.closest("tr").querySelector(".col-name")?.firstChild?.textContent.trim() ?? "");
  });
  container().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest(".data-grid-filters")) grid.doFilter();
  });
  return grid;
};

function confirmDelete(url, name) {
  const close = (button) => button.closest("aside").querySelector(".action-close").click();
  modal("modal-popup confirm", "Are you sure?", made("div", {}, made("strong", { class: "deleted-name" }, name), texts.question), [
    { text: "OK", css: "action-primary action-accept", click: () => {
      const form = made("form", { method: "post", action: url }, made("input", { type: "hidden", name: "form_key", value: window.FORM_KEY }));
      document.body.append(form);
      form.submit();
    } },
    { text: "Cancel", css: "action-secondary action-dismiss", click: close },
  ].reverse());
}

/* The letters of the sign-in page. */
window.Captcha = function Captcha(url, form) {
  find("#captcha-reload")?.addEventListener("click", () => work((async () => {
    const body = new URLSearchParams({ formId: form, form_key: window.FORM_KEY }).toString();
    const { json } = await asked(url, { method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" }, body });
    if (json?.imgSrc) document.getElementById(form).src = json.imgSrc;
  })()));
};

document.addEventListener("DOMContentLoaded", () => {
  roles();
  notices();
  dropdowns();
  leaving();
  copyable(document);
  const showFirst = tabs();
  trees();
  saving(showFirst);
  document.documentElement.dataset.ready = "true";
});
})();
