// Shortcuts for people who work by keyboard. Every page works without this file.

const words = document.documentElement.lang === "en"
  ? { go: "Go to a page or case number", keys: "Keys", open: "Search for", act: "to the main act of this page", rows: "next and previous row", enter: "open the row", palette: "go to a page or case", help: "show these keys", close: "Close", whole: "Open the whole page" }
  : { go: "Ga naar een pagina of zaaknummer", keys: "Toetsen", open: "Zoek naar", act: "naar de hoofdhandeling van deze pagina", rows: "volgende en vorige rij", enter: "rij openen", palette: "ga naar een pagina of zaak", help: "deze toetsen tonen", close: "Sluiten", whole: "Open de hele pagina" };

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function shown(dialog) {
  const before = document.activeElement;
  dialog.addEventListener("close", () => { dialog.remove(); before?.focus(); });
  document.body.append(dialog);
  dialog.showModal();
}

function destinations() {
  const links = document.querySelectorAll(".side .side__link");
  return [...links].map((link) => ({ label: link.querySelector(".side__label").textContent.trim(), url: link.href }));
}

function showPalette() {
  const search = document.querySelector(".top__search");
  const field = element("input", { class: "palette__field", type: "text", "aria-label": words.go, placeholder: words.go });
  const list = element("ul", { class: "palette__list" });
  const draw = () => {
    const typed = field.value.trim();
    const found = destinations().filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()));
    if (typed && search) found.push({ label: `${words.open} “${typed}”`, url: `${search.action}?q=${encodeURIComponent(typed)}` });
    list.replaceChildren(...found.map(({ label, url }) => element("li", {}, element("a", { class: "palette__link", href: url }, label))));
  };
  field.addEventListener("input", draw);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("a")?.click();
  });
  const dialog = element("dialog", { class: "palette", "aria-label": words.go }, field, list);
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [field, ...list.querySelectorAll("a")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(document.activeElement) + step))].focus();
    event.preventDefault();
  });
  draw();
  shown(dialog);
}

function showKeys() {
  const rows = [["Ctrl + K", words.palette], ["j / k", words.rows], ["Enter", words.enter], ["e", words.act], ["?", words.help], ["Esc", words.close]];
  const keys = element("dl", { class: "palette__keys" });
  for (const [key, meaning] of rows) keys.append(element("dt", {}, element("kbd", {}, key)), element("dd", {}, meaning));
  const close = element("button", { class: "nl-button nl-button--secondary", type: "button" }, words.close);
  const dialog = element("dialog", { class: "palette", "aria-label": words.keys }, keys, close);
  close.addEventListener("click", () => dialog.close());
  shown(dialog);
}

function moveRow(step) {
  const links = [...document.querySelectorAll("[data-rows] tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);
  if (!links.length) return;
  const row = document.activeElement.closest("[data-rows] tbody tr");
  const here = row ? links.findIndex((link) => row.contains(link)) : -1;
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
  links[Math.max(0, Math.min(links.length - 1, next))].focus();
}

const plainKeys = { j: () => moveRow(1), k: () => moveRow(-1), e: () => document.querySelector(".shell__main .nl-button--primary")?.focus(), "?": showKeys };

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    showPalette();
    return;
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in plainKeys)) return;
  event.preventDefault();
  plainKeys[event.key]();
});

// A link with data-side opens its page beside the list on a wide screen; its address stays that of the page itself.
let opener = null;

function closeSide() {
  document.querySelector(".beside")?.remove();
  opener?.focus();
  opener = null;
}

async function openSide(link) {
  const answer = await fetch(link.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("main");
  if (!answer.ok || answer.redirected || !main) { location.assign(link.href); return; }
  closeSide();
  opener = link;
  const whole = element("a", { class: "nl-link", href: link.href }, words.whole);
  const close = element("button", { class: "nl-button nl-button--subtle", type: "button" }, words.close);
  close.addEventListener("click", closeSide);
  main.querySelectorAll("script, .crumbs, #messages").forEach((part) => part.remove());
  // what is relative in that page stays relative to that page
  main.querySelectorAll("a[href]").forEach((each) => { each.href = new URL(each.getAttribute("href"), link.href).href; });
  main.querySelectorAll("form").forEach((each) => { each.setAttribute("action", new URL(each.getAttribute("action") ?? "", link.href).href); });
  const marks = [...page.querySelectorAll(".marking, .watermark")].filter((mark) => mark.matches(".marking") || !document.querySelector(".watermark"));
  const name = main.querySelector("h1")?.textContent.trim() ?? words.whole;
  const beside = element("aside", { class: "beside", tabindex: "-1", "aria-label": name },
    ...marks, element("div", { class: "beside__acts" }, whole, close), ...main.childNodes);
  document.body.append(beside);
  window.htmx?.process(beside);
  beside.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-side]");
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (!link || elsewhere || window.innerWidth < 960) return;
  event.preventDefault();
  openSide(link).catch(() => location.assign(link.href));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opener && !document.querySelector("dialog[open]")) closeSide();
});

// A passkey that was not given, or that the browser refused, says so (the text comes with the page).
document.addEventListener("allauth.error", (event) => {
  const refused = document.querySelector("#passkey-refused");
  if (!refused) return;
  event.preventDefault();
  document.querySelector("#messages").replaceChildren(refused.content.cloneNode(true));
});

// A refused form puts focus on its summary of errors.
document.querySelector("[data-focus-first]")?.focus();

// An open menu closes on a click elsewhere or Escape.
const closeMenus = (event) => {
  for (const menu of document.querySelectorAll("details.who[open]")) {
    if (event.key === "Escape" || !menu.contains(event.target)) {
      menu.open = false;
      if (event.key === "Escape") menu.querySelector("summary").focus();
    }
  }
};
document.addEventListener("click", closeMenus);
document.addEventListener("keyup", (event) => { if (event.key === "Escape") closeMenus(event); });
