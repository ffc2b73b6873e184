// A moment says its zone only where it is not the reader's: which that is, the browser alone knows, and tells the server for the next page.

const secure = location.protocol === "https:" ? "; secure" : "";
document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax${secure}`;
