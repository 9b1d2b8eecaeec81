// The preview beside the editor: the public page in a frame, whose matter is renewed in place so that it stays where it was scrolled to.

// livePreview returns a function that renews the frame.
export function livePreview(frame) {
  frame.addEventListener("load", () => frame.contentDocument?.querySelector("main article")?.scrollIntoView());
  let busy = false;
  let again = false;

  async function renew() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const response = await fetch(frame.src, { headers: { Accept: "text/html" } });
      if (response.redirected || !response.headers.get("Content-Type")?.startsWith("text/html")) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("main");
      const stale = frame.contentDocument?.querySelector("main");
      if (fresh && stale) stale.replaceChildren(...frame.contentDocument.adoptNode(fresh).childNodes);
      else frame.contentWindow.location.reload();
    } catch {
      // offline: the page stays as it was
    } finally {
      busy = false;
      if (again) {
        again = false;
        renew();
      }
    }
  }
  return renew;
}
