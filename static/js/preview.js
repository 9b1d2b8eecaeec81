// The preview beside the editor: the public page in a frame, whose matter is renewed in place so that it stays where it was scrolled to.

// livePreview returns a function that renews the frame.
export function livePreview(frame) {
  frame.addEventListener("load", () => showArticle(frame));
  if (frame.contentDocument?.readyState === "complete") showArticle(frame);
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

// showArticle brings the text into sight: the head of the page is the same for all.
function showArticle(frame) {
  const article = frame.contentDocument?.querySelector("main article");
  if (article) frame.contentWindow.scrollTo(0, article.getBoundingClientRect().top + frame.contentWindow.scrollY - 12);
}
