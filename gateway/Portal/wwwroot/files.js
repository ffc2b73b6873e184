// Files are sent as soon as they are chosen where the page says so, and the page says that they are on their way.

for (const input of document.querySelectorAll("input.drop")) {
  const part = name => input.parentElement.querySelector(`[data-when=${name}]`);
  if ("atOnce" in input.dataset) {
    part("script").hidden = false;
    input.addEventListener("change", () => input.files.length && input.form.requestSubmit());
  }
  // Whoever comes back by the browser's history finds the page as it was.
  input.form.addEventListener("submit", () => { part("sending").hidden = !input.files.length; });
  addEventListener("pageshow", () => { part("sending").hidden = true; });
}
