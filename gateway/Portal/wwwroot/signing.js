// Electronic signature in the browser. The private key is made here, cannot be taken out (extractable: false), and stays in this browser's
// IndexedDB; the server gets the public half only. A signature is a JWS in compact form (RFC 7515) with ES256 over the statement's bytes.

const algorithm = { name: "ECDSA", namedCurve: "P-256" };
const signing = { name: "ECDSA", hash: "SHA-256" };
const able = Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

const base64url = bytes =>
  btoa(Array.from(new Uint8Array(bytes), byte => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const utf8 = text => new TextEncoder().encode(text);

const answer = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function keys(mode, use) {
  const opening = indexedDB.open("volunteerbook", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: "kid" });
  const database = await answer(opening);
  try {
    return await answer(use(database.transaction("keys", mode).objectStore("keys")));
  } finally {
    database.close();
  }
}

const find = kid => keys("readonly", store => store.get(kid));

// RFC 7638: SHA-256 over the required members in the order of their names.
async function thumbprint({ crv, kty, x, y }) {
  return base64url(await crypto.subtle.digest("SHA-256", utf8(JSON.stringify({ crv, kty, x, y }))));
}

async function createKey() {
  const pair = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const kid = await thumbprint(jwk);
  const key = { kid, privateKey: pair.privateKey, createdAt: new Date() };
  await keys("readwrite", store => store.put(key));
  return { jwk, key };
}

async function sign(key, statement) {
  const input = `${base64url(utf8(JSON.stringify({ alg: "ES256", kid: key.kid })))}.${base64url(utf8(statement))}`;
  return `${input}.${base64url(await crypto.subtle.sign(signing, key.privateKey, utf8(input)))}`;
}

function show(form, state) {
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
}

// Runs before a form is sent; the form goes once the work is done, and only once.
function beforeSending(form, work) {
  let sending = false;
  form.addEventListener("submit", async event => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    try {
      await work();
      form.submit();
    } catch (failure) {
      console.error(failure);
      for (const part of form.querySelectorAll("[data-when=failed]")) part.hidden = false;
      sending = false;
    }
  });
}

async function prepareSigning(form) {
  if (!able) return show(form, "unable");
  const held = await Promise.all(form.dataset.kids.split(" ").filter(Boolean).map(find));
  const key = held.find(Boolean);
  if (!key) return show(form, "no-key");

  form.querySelector("[data-kid]").textContent = key.kid;
  show(form, "ready");
  beforeSending(form, async () => {
    // What is signed is what the page shows.
    const statement = document.getElementById(form.dataset.signing).textContent;
    form.elements.namedItem("signature").value = await sign(key, statement);
  });
}

function prepareCreation(form) {
  if (!able) return show(form, "unable");
  beforeSending(form, async () => {
    const { jwk, key } = await createKey();
    form.elements.namedItem("jwk.x").value = jwk.x;
    form.elements.namedItem("jwk.y").value = jwk.y;
    // The page brings what is to be signed where the signature goes: that this browser holds the private half.
    const proof = form.elements.namedItem("proof");
    proof.value = await sign(key, proof.defaultValue);
  });
}

for (const form of document.querySelectorAll("form[data-signing]")) await prepareSigning(form);
for (const form of document.querySelectorAll("form[data-key]")) prepareCreation(form);
if (able) {
  for (const mark of document.querySelectorAll("[data-here]")) mark.hidden = !(await find(mark.dataset.here));
}
