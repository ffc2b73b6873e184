// What cannot be taken back asks first: in a dialog here, without this script on a page of its own. The browser closes it at Escape and gives the focus back.

for (const button of document.querySelectorAll("[data-confirm]")) {
  const dialog = button.form.querySelector("dialog");
  button.ariaHasPopup = "dialog";
  button.addEventListener("click", event => {
    event.preventDefault();
    dialog.showModal();
  });
  dialog.querySelector("[data-keep]").addEventListener("click", () => dialog.close());
}
