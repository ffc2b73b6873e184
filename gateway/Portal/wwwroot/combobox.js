// A choice among many types ahead: the list stays what is sent, and a field stands before it that narrows it, by the pattern «combobox with list autocomplete
// and automatic selection» of the WAI-ARIA Authoring Practices. Organisations are asked for; all others are in the list itself.

const few = 8;
const pause = 150;

const plain = text => ` ${text.toLocaleLowerCase().replaceAll("ё", "е").replace(/[^\p{L}\p{N}]+/gu, " ").trim()}`;

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function enhance(select) {
  const { id, dataset: { source, instead } } = select;
  if (!source && select.options.length <= few) return;

  const input = element("input", {
    id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: "100",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`, placeholder: select.options[0].text,
  });
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
  const list = element("div", { id: `${id}-list`, role: "listbox", "aria-label": label.textContent.trim(), hidden: "" });
  const said = element("p", { role: "status", class: "heard" });
  select.id = `${id}-chosen`;
  select.tabIndex = -1;
  select.ariaHidden = "true";
  select.classList.add("heard");
  select.before(element("div", { class: "combobox" }, input, list, said));

  // Where a script searches, the search that sends the page makes way; what was typed into it stays, and goes with the form.
  const search = instead && document.getElementById(instead);
  if (search) {
    input.name = search.name;
    const [hint, own] = [search.id, id].map(one => document.getElementById(`${one}-hint`));
    if (hint && own) own.textContent = hint.textContent;
    search.closest(".search").remove();
    // What is chosen is not searched for.
    select.form.addEventListener("formdata", event => select.value && event.formData.set(search.name, ""));
  }

  let shown = [];
  let active = -1;
  let typed = false;
  // While an answer is waited for: what to do when it is there.
  let asked = 0;
  let waiting = false;
  let then = null;

  const chosen = () => select.value ? select.selectedOptions[0].text : "";
  const offered = () => [...select.options].filter(one => one.value)
    .map(one => ({ value: one.value, text: one.text, group: one.parentElement.label }));
  const sync = () => {
    if (chosen() || !input.name) input.value = chosen();
    typed = false;
  };

  function close() {
    list.hidden = true;
    input.ariaExpanded = "false";
    input.removeAttribute("aria-activedescendant");
    said.className = "heard";
    said.textContent = "";
  }

  function activate(index) {
    list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    active = index;
    const option = shown[index] && document.getElementById(`${id}-option-${index}`);
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function show(found, first) {
    shown = found;
    list.replaceChildren();
    let group = null;
    found.forEach((one, index) => {
      if (one.group && one.group !== group?.ariaLabel) {
        group = element("div", { role: "group", "aria-label": one.group }, element("div", { class: "option-group", "aria-hidden": "true" }, one.group));
        list.append(group);
      }
      (group ?? list).append(element("div", { role: "option", id: `${id}-option-${index}`, "aria-selected": "false" }, one.text));
    });
    list.hidden = found.length === 0;
    input.ariaExpanded = String(found.length > 0);
    said.className = found.length ? "heard" : "hint";
    said.textContent = found.length ? select.dataset.count.replace("{0}", found.length) : select.dataset.none;
    activate(first);
  }

  function open() {
    const all = offered();
    show(all, all.findIndex(one => one.value === select.value));
  }

  function choose(one) {
    if (![...select.options].some(option => option.value === one.value)) select.add(new Option(one.text, one.value));
    const changed = select.value !== one.value;
    select.value = one.value;
    input.value = one.text;
    typed = false;
    close();
    if (changed) select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function narrow() {
    const words = plain(input.value).split(" ").filter(Boolean);
    const fits = offered().filter(one => words.every(word => plain(one.text).includes(` ${word}`)));
    // What begins so comes first; groups stay as they are.
    const begins = one => plain(one.text).startsWith(` ${words.join(" ")}`);
    show(fits.some(one => one.group) ? fits : fits.sort((one, other) => begins(other) - begins(one)), 0);
  }

  async function ask() {
    const mine = ++asked;
    waiting = true;
    await new Promise(resolve => setTimeout(resolve, pause));
    if (mine !== asked) return;
    let found = null;
    try {
      const answer = await fetch(`${source}?${new URLSearchParams({ q: input.value.trim() })}`);
      if (answer.ok) found = await answer.json();
    } catch {
      // Said below.
    }
    if (mine !== asked) return;
    waiting = false;
    show((found ?? []).map(one => ({ value: one.value, text: one.text })), 0);
    if (!found) said.textContent = select.dataset.away;
    const next = then;
    then = null;
    if (next) {
      if (shown.length) choose(shown[0]);
      next();
    }
  }

  function leave() {
    if (waiting) {
      then ??= () => {};
    } else if (typed && shown[active]) {
      choose(shown[active]);
    } else if (typed && !input.value.trim()) {
      choose({ value: "", text: "" });
    } else if (typed && chosen()) {
      // Nothing fits: what was chosen stands, and is seen to stand.
      sync();
    }
    close();
  }

  input.addEventListener("input", () => {
    typed = true;
    then = null;
    if (!input.value.trim()) {
      asked++;
      waiting = false;
      open();
      activate(-1);
    } else if (source) {
      ask();
    } else {
      narrow();
    }
  });
  input.addEventListener("keydown", event => {
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) open();
      else if (!event.altKey) activate((active + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length);
      if (isOpen && event.altKey) close();
    } else if (event.key === "Enter" && !event.isComposing && (waiting || isOpen)) {
      event.preventDefault();
      if (waiting) then ??= () => {};
      else if (shown[active]) choose(shown[active]);
      else close();
    } else if (event.key === "Escape" && (isOpen || typed)) {
      event.preventDefault();
      asked++;
      waiting = false;
      sync();
      close();
    }
  });
  input.addEventListener("click", () => list.hidden && !typed && open());
  input.addEventListener("blur", leave);
  list.addEventListener("pointerdown", event => event.preventDefault());
  list.addEventListener("click", event => {
    const index = [...list.querySelectorAll("[role=option]")].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) choose(shown[index]);
  });
  select.addEventListener("change", sync);
  select.form?.addEventListener("submit", event => {
    if (!waiting) return;
    event.preventDefault();
    then = () => event.target.requestSubmit(event.submitter);
  });

  if (search) input.value = search.value;
  sync();
  // The browser may bring back what was chosen before.
  addEventListener("pageshow", sync);
}

document.querySelectorAll("select[data-combobox]").forEach(enhance);
