// Keeps what is typed: on the server every few seconds, in this browser while the server cannot be reached or wants a login.

const quiet = 2500; // milliseconds without a keystroke before a save
const longest = 10000; // milliseconds of typing before a save in any case
const heartbeat = 30000; // milliseconds between two looks at who else is here

// keepSaved watches the form whose record lives at path and tells saved whenever the server has a new text.
export function keepSaved(form, saved) {
  const path = form.dataset.editor;
  const key = `congso:${path}:${form.dataset.who}`;
  const state = form.querySelector("[data-state]");
  const page = (name) => form.elements[name];
  let changed = false; // since the last save that was begun
  let first = 0; // when the change came that no save has yet
  let timer = 0;
  let busy = null;
  let stopped = false; // the server has another text: a person must choose

  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && value !== "" && !["_version", "_base", "_confirmed"].includes(name));
  const say = (text, kind = "") => {
    if (state.textContent.trim() !== text) state.textContent = text;
    state.dataset.kind = kind;
  };

  function keepHere(sent = false) {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: fields(), version: page("_version").value, base: page("_base").value, sent }));
      return true;
    } catch {
      return false; // no storage, or it is full: the page itself still has the text
    }
  }

  function forget() {
    try {
      localStorage.removeItem(key);
    } catch {
      // no storage: nothing was kept
    }
  }

  async function ask(action, body) {
    return fetch(path + action, { method: "POST", body, headers: { Accept: "application/json" } });
  }

  function body(list = fields()) {
    const data = new URLSearchParams(list);
    data.set("_version", page("_version").value);
    data.set("_base", page("_base").value);
    return data;
  }

  async function save() {
    clearTimeout(timer);
    if (busy) return busy.then(() => changed && save());
    if (!changed || stopped) return;
    changed = false;
    first = 0;
    busy = send().finally(() => (busy = null));
    return busy;
  }

  async function send() {
    let response;
    try {
      response = await ask("/luu-tam", body());
    } catch {
      return lost("Mất kết nối với máy chủ.");
    }
    if (response.status === 401) return lost("Phiên làm việc đã hết.", true);
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) {
      page("_version").value = answer.version;
      page("_base").value = answer.base;
      showEditors(answer.editors);
      if (!changed) forget();
      say(answer.version > 0 ? `Đã lưu tạm lúc ${answer.at}` : "Chưa có gì thay đổi", "good");
      return saved();
    }
    if (response.status === 409) return overtaken(answer);
    if (response.status === 422 || response.status === 413) {
      keepHere();
      return say(answer?.message ?? "Nội dung lớn quá, chưa lưu được trên máy chủ. Trình duyệt này đang giữ một bản.", "late");
    }
    lost("Máy chủ chưa lưu được.");
  }

  function lost(why, login = false) {
    changed = true;
    const kept = keepHere() ? "Nội dung đang được giữ trong trình duyệt này." : "Xin đừng đóng trang này.";
    say(`${why} ${kept} `, "late");
    if (login) state.append(link("Đăng nhập lại trong thẻ mới", "/admin/dang-nhap"));
    timer = setTimeout(save, longest);
  }

  function overtaken(answer) {
    stopped = true;
    changed = true;
    keepHere();
    say(`${answer?.message ?? "Nội dung này vừa được lưu ở nơi khác."} ${answer?.by ? `Người lưu: ${answer.by}. ` : ""}`, "late");
    const button = document.createElement("button");
    button.type = "submit";
    button.className = "small";
    button.textContent = "Xem hai bản để chọn";
    state.append(button);
  }

  function showEditors(list) {
    const place = document.querySelector("[data-editors]");
    if (!place || place.dataset.shown === list.join("\n")) return;
    place.dataset.shown = list.join("\n");
    place.replaceChildren(
      ...list.map((text) => {
        const p = document.createElement("p");
        p.className = "note warn";
        p.textContent = text;
        return p;
      }),
    );
  }

  async function look() {
    if (document.hidden) return;
    try {
      const response = await ask("/dang-sua", new URLSearchParams());
      if (response.ok) showEditors((await response.json()).editors);
    } catch {
      // the next save says so
    }
  }

  // stands reports whether the page says all that was kept. The server tidies what it stores, and chooses addresses.
  function stands(list) {
    const tidy = ([name, value]) => `${name}=${value.normalize("NFC").replace(/\s+/g, " ").trim().toLowerCase()}`;
    const there = new Set(fields().map(tidy));
    return list.every((field) => field[0] === "slug" || there.has(tidy(field)));
  }

  // offer shows what an earlier visit could not send.
  function offer() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(key));
    } catch {
      return;
    }
    if (!kept) return;
    const own = kept.sent && form.dataset.by === form.dataset.who && kept.version !== page("_version").value;
    if (own || stands(kept.fields)) return forget();
    const place = form.querySelector("[data-offer]");
    const text = document.createElement("p");
    const at = new Intl.DateTimeFormat("vi-VN", { dateStyle: "short", timeStyle: "short" }).format(kept.at);
    text.textContent = `Trình duyệt này còn giữ một bản chưa gửi lên máy chủ (lúc ${at}). Dùng lại bản đó?`;
    const use = button("Dùng lại", async () => {
      try {
        const response = await ask("/luu-tam", body(kept.fields));
        if (!response.ok) throw new Error(String(response.status));
        forget();
        location.assign(path);
      } catch {
        text.textContent = "Chưa gửi được lên máy chủ. Bản đó vẫn còn trong trình duyệt này, xin thử lại sau.";
      }
    });
    const drop = button("Bỏ bản đó", () => {
      forget();
      place.replaceChildren();
    });
    drop.className = "quiet";
    const actions = document.createElement("p");
    actions.className = "actions";
    actions.append(use, drop);
    const box = document.createElement("div");
    box.className = "note warn";
    box.append(text, actions);
    place.replaceChildren(box);
  }

  function button(label, press) {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = label;
    b.addEventListener("click", press);
    return b;
  }

  function link(label, href) {
    const a = document.createElement("a");
    Object.assign(a, { href, target: "_blank", rel: "noopener", textContent: label });
    return a;
  }

  form.addEventListener("input", () => {
    changed = true;
    first ||= Date.now();
    if (!stopped) say("Đang gõ…");
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(quiet, first + longest - Date.now())));
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    stopped = true; // the page goes: no save may overtake it
    keepHere(true);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && changed) {
      keepHere();
      save();
    } else if (!document.hidden) look();
  });
  addEventListener("pagehide", () => changed && !stopped && keepHere());
  addEventListener("online", save);
  setInterval(look, heartbeat);
  offer();
  return { save };
}
