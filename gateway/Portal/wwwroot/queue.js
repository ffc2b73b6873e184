// Keys of the coordinators' desk. They go by the place of the key and not by its letter, so that J is J on a Russian keyboard too, and can be turned off
// (WCAG 2.2, 2.1.4). A key that is held down works once: nothing is signed that was not looked at.

const parts = { KeyJ: "next", KeyK: "previous", KeyA: "confirm", KeyR: "return" };
const choice = document.querySelector("[data-keys]");
const kept = "volunteerbook.keys";

choice.checked = localStorage.getItem(kept) !== "off";
choice.addEventListener("change", () => localStorage.setItem(kept, choice.checked ? "on" : "off"));
choice.closest("[data-when=keys]").hidden = false;

document.addEventListener("keydown", event => {
  const part = parts[event.code];
  if (!part || !choice.checked || event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (document.querySelector("dialog[open]") || event.target.closest("textarea, select, input:not([type=checkbox], [type=radio])")) return;
  const found = [...document.querySelectorAll(`[data-key=${part}]`)].find(one => one.checkVisibility());
  if (!found) return;
  event.preventDefault();
  if (found.matches("summary")) {
    found.parentElement.open = true;
    found.parentElement.querySelector("textarea").focus();
  } else {
    found.click();
  }
});

document.querySelector(".desk-list [aria-current]")?.scrollIntoView({ block: "nearest" });
