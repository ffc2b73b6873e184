// Keeps the number on the bell. One window of the browser has the stream and tells the others: a browser has few connections for a site.
// Where that cannot be arranged, each window asks once a minute.
const bell = document.querySelector("[data-bell]");
const windows = "BroadcastChannel" in window ? new BroadcastChannel("bell") : null;
const minute = 60_000;

function show(unread) {
  const [count, heard] = [bell.querySelector(".bell-count"), bell.querySelector(".heard")];
  const most = Number(bell.dataset.most);
  const shown = unread > most ? `${most}+` : `${unread}`;
  count.hidden = unread === 0;
  count.textContent = shown;
  heard.textContent = unread === 0 ? bell.dataset.none : bell.dataset.some.replace("{0}", shown);
}

function tell(unread) {
  show(unread);
  windows?.postMessage(unread);
}

// False where nobody is signed in any more: no later question has another answer.
async function ask() {
  try {
    const answer = await fetch("/notifications/unread", { redirect: "error" });
    if (answer.status === 401) return false;
    const unread = answer.ok ? await answer.json() : null;
    if (unread) tell(unread.count);
  } catch {
    // Away: the number stays as it was.
  }
  return true;
}

function listen(leave) {
  let again;
  let left = false;
  let source;
  const open = () => {
    source = new EventSource("/notifications/stream");
    source.addEventListener("unread", event => tell(JSON.parse(event.data).unread));
    // A broken connection is opened again by the browser; what was refused is not.
    source.addEventListener("error", async () => {
      if (source.readyState === EventSource.CLOSED && (await ask()) && !left) again = setTimeout(open, minute / 2);
    });
  };
  addEventListener("pagehide", () => {
    left = true;
    clearTimeout(again);
    source.close();
    leave();
  }, { once: true });
  open();
}

function start() {
  if (windows && navigator.locks && "EventSource" in window) {
    navigator.locks.request("bell", () => new Promise(listen));
  } else {
    const asking = setInterval(async () => document.visibilityState === "visible" && !(await ask()) && clearInterval(asking), minute);
  }
}

if (bell) {
  windows?.addEventListener("message", event => show(event.data));
  // A page that comes back out of the browser's memory has let go of the stream.
  addEventListener("pageshow", event => event.persisted && (ask(), start()));
  // The page comes first: it has the same few connections.
  const begin = () => {
    start();
    if ("ask" in bell.dataset) ask();
  };
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}
