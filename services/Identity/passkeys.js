// Forms that are marked data-passkey ("create" or "get") carry the options for the browser; what it answers is posted with them. Without this script, or in
// a browser that cannot, they stay hidden: the password is always there.
(async () => {
  const key = window.PublicKeyCredential;
  if (!key || !key.parseRequestOptionsFromJSON || !key.parseCreationOptionsFromJSON) return;

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const kind = form.dataset.passkey;
    const read = kind === "create" ? key.parseCreationOptionsFromJSON : key.parseRequestOptionsFromJSON;
    const publicKey = read.call(key, JSON.parse(form.dataset.options));
    let waiting = null;

    const send = credential => {
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    };

    form.hidden = false;
    form.addEventListener("submit", async event => {
      event.preventDefault();
      // The browser does one of these at a time.
      if (waiting) waiting.abort();
      try {
        send(await navigator.credentials[kind]({ publicKey }));
      } catch {
        form.querySelector("[data-failed]").hidden = false;
      }
    });

    // Offers passkeys where the address is filled in.
    if (kind === "get" && form.hasAttribute("data-offered") && await key.isConditionalMediationAvailable?.()) {
      waiting = new AbortController();
      navigator.credentials.get({ publicKey, mediation: "conditional", signal: waiting.signal }).then(send, () => {});
    }
  }
})();
