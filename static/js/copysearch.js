// The search page of a copy in files. The index beside it is made of classic scripts, since a page from a disk may fetch nothing; each is
// loaded when a query needs it. Words are folded, and hits put in order, as the portal's own search does it.
"use strict";

const congsoIndex = (() => {
  const NOWHERE = 3; // a place after title, summary and body
  const MOST = 1000; // hits that are counted
  const PHRASES = 300; // records that are looked through for a phrase
  const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
  const KINDS = ["tin-tuc", "hoi-nghi", "bai-viet", "nguoi", "don-vi"];
  const LANGS = ["", "vi", "en"];
  const digit = new Map([...DIGITS].map((c, i) => [c.charCodeAt(0), i]));

  const loaded = new Map(); // file → promise that it has been run
  const shards = new Map(); // "block/shard" → word → postings
  const pieces = new Map(); // "block/piece" → records
  const marks = new Map(); // block → kinds, languages, sections
  let base, index, words;

  // Words, as store/model/fold.go and store/searchwords.go have them.

  const stripped = (s) => s.normalize("NFD").replace(/\p{M}/gu, "");
  const fold = (s) => stripped(stripped(s).toLowerCase()).replace(/[đðɖ]/g, "d").normalize("NFC");
  const tones = new Map(Object.entries({
    oà: "òa", oả: "ỏa", oã: "õa", oá: "óa", oạ: "ọa", oè: "òe", oẻ: "ỏe", oẽ: "õe", oé: "óe", oẹ: "ọe", uỳ: "ùy", uỷ: "ủy", uỹ: "ũy", uý: "úy", uỵ: "ụy",
  }));

  function accented(s) {
    const lower = s.normalize("NFC").toLowerCase().replace(/[ðɖ]/g, "đ").normalize("NFC");
    return lower.replace(/(q?)([ou][àảãáạèẻẽéẹỳỷỹýỵ])(?![\p{L}\p{M}])/gu, (all, q, pair) => (q && pair[0] === "u" ? all : q + (tones.get(pair) || pair)));
  }

  function indexWord(word) {
    const spelled = [...word].map((c) => (/[a-z0-9ß-žơưạ-ỹ]/u.test(c) ? c : "u" + c.codePointAt(0).toString(16))).join("");
    if (spelled.length <= 40) return spelled;
    let cut = "", size = 0;
    for (const c of spelled) {
      size += new TextEncoder().encode(c).length;
      if (size > 120) break;
      cut += c;
    }
    return cut;
  }

  // numberEnd is the end of the dotted number whose first group is s.slice(start, end).
  function numberEnd(s, start, end) {
    if (!/^[1-9]\d{0,2}$/.test(s.slice(start, end)) || /\d\.$/.test(s.slice(Math.max(0, start - 2), start))) return end;
    const rest = /^(?:\.\d{3}(?![\p{L}\p{N}\p{M}]))*/u.exec(s.slice(end))[0];
    return /^\.\d/.test(s.slice(end + rest.length)) ? end : end + rest.length;
  }

  function tokens(s) {
    const list = [];
    const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
    for (let found; (found = word.exec(s)); ) {
      const start = found.index;
      const end = numberEnd(s, start, word.lastIndex);
      word.lastIndex = end;
      const text = s.slice(start, end);
      const folded = fold(end > start + found[0].length ? text.replace(/\./g, "") : text);
      const exact = accented(text);
      list.push({ start, end, folded: indexWord(folded), exact: end > start + found[0].length || exact === folded ? "" : indexWord(exact) });
    }
    return list;
  }

  // terms are the words of a query, and its quoted phrases.
  function terms(text) {
    const parts = [...text.normalize("NFC").trim()].slice(0, 200).join("").replace(/["“”„]/g, '\0"').split("\0").filter((p) => p);
    const list = [];
    let left = 12, quoted = false;
    parts.forEach((part, i) => {
      if (part.startsWith('"')) quoted = !quoted && i + 1 < parts.length;
      const found = tokens(part).slice(0, left);
      left -= found.length;
      if (quoted && found.length > 0) list.push(found);
      else for (const one of found) list.push([one]);
    });
    return list;
  }

  // numberTerms are the digits of a telephone number, however it is typed, as the index has them.
  function numberTerms(text) {
    const number = fold(text.trim()).replace(/[\s,;.(‐-―-]*(?:(?:so )?(?:may )?(?:le|nhanh)|ext(?:ension)?|x)[\s.:=]*\d{1,6}\)?$/, "");
    let digits = number.replace(/[\s.()‐-―−-]+/g, "");
    if (!/^(?:\+84)?\d+$/.test(digits)) return [];
    if (/^(?:\+84|0084)/.test(digits) || (digits.length >= 11 && digits.startsWith("84"))) digits = "0" + digits.replace(/^\+?(?:00)?84/, "").replace(/^0+/, "");
    if (!/^(?:02[48]\d{8}|02\d{9}|069\d{7}|080\d{5}|0[35789]\d{8}|1[89]00\d{4}|1[89]00\d{6}|11\d|1022)$/.test(digits)) return [];
    return [[{ folded: digits, exact: "" }]];
  }

  // The index.

  function load(file) {
    if (!loaded.has(file)) {
      loaded.set(file, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(file, base);
        script.onload = resolve;
        script.onerror = () => reject(new Error(file));
        document.head.append(script);
      }));
    }
    return loaded.get(file);
  }

  function shardOf(word, count) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193) >>> 0;
    return hash % count;
  }

  // places says where in each record of a block the word stands first.
  function places(block, word) {
    const list = new Uint8Array(index.blocks[block].n).fill(NOWHERE);
    const text = shards.get(`${block}/${shardOf(word, index.blocks[block].shards)}`).get(word) || "";
    let record = -1, value = 0, shift = 0;
    for (let i = 0; i < text.length; i++) {
      const d = digit.get(text.charCodeAt(i));
      value |= (d & 31) << shift;
      shift += 5;
      if (d < 32) {
        record += value >>> 2;
        list[record] = value & 3;
        value = shift = 0;
      }
    }
    return list;
  }

  function worst(block, list) {
    const all = new Uint8Array(index.blocks[block].n);
    for (const word of list) {
      const where = places(block, word);
      for (let i = 0; i < all.length; i++) if (where[i] > all[i]) all[i] = where[i];
    }
    return all;
  }

  function passes(block, i, filter) {
    const mark = marks.get(block);
    const sort = digit.get(mark.charCodeAt(3 * i));
    const lang = LANGS[sort % 3];
    const section = digit.get(mark.charCodeAt(3 * i + 1)) * 64 + digit.get(mark.charCodeAt(3 * i + 2)); // 0 for none
    return (lang === "" || lang === filter.lang) && (!filter.kind || KINDS[Math.floor(sort / 3)] === filter.kind) &&
      (!filter.section || section === index.sections.indexOf(filter.section) + 1);
  }

  // find returns what has all the terms: the best place first, with words as they are written before folded ones, and the newest first.
  async function find(query, filter) {
    const flat = query.flat();
    const folded = flat.map((w) => w.folded), written = flat.map((w) => w.exact || w.folded);
    const anyExact = flat.some((w) => w.exact);
    const tiers = [[], [], [], [], [], []];
    for (let block = index.blocks.length - 1; block >= 0; block--) {
      const count = index.blocks[block].shards;
      const files = new Set([...folded, ...written].map((w) => `${block}/w${shardOf(w, count)}.js`));
      await Promise.all([load(`${block}/m.js`), ...[...files].map(load)]);
      const all = worst(block, folded), exact = worst(block, written);
      for (let i = all.length - 1; i >= 0; i--) {
        if (all[i] === NOWHERE || !passes(block, i, filter)) continue;
        tiers[anyExact && exact[i] < NOWHERE ? exact[i] : NOWHERE + all[i]].push({ block, i, all: all[i], exact: exact[i] });
      }
    }
    const phrases = query.filter((term) => term.length > 1);
    return phrases.length > 0 ? withPhrases(tiers.flat(), phrases, anyExact) : { list: tiers.flat(), cut: false };
  }

  const newest = (a, b) => b.block - a.block || b.i - a.i;

  async function withPhrases(list, phrases, anyExact) {
    list.sort(newest);
    const tiers = [[], [], [], [], [], []];
    for (const hit of list.slice(0, PHRASES)) {
      const [, , title, text, , head] = await record(hit);
      const parts = [title, text.slice(0, head), text.slice(head)].map((part) => " " + tokens(part).map((t) => t.folded).join(" ") + " ");
      const place = Math.max(...phrases.map((phrase) => {
        const at = parts.findIndex((part) => part.includes(" " + phrase.map((w) => w.folded).join(" ") + " "));
        return at < 0 ? NOWHERE : at;
      }));
      if (place === NOWHERE) continue;
      const exact = Math.max(place, hit.exact);
      tiers[anyExact && exact < NOWHERE ? exact : NOWHERE + Math.max(place, hit.all)].push(hit);
    }
    return { list: tiers.flat(), cut: list.length > PHRASES };
  }

  async function record(hit) {
    const piece = Math.floor(hit.i / index.piece);
    await load(`${hit.block}/d${piece}.js`);
    return pieces.get(`${hit.block}/${piece}`)[hit.i % index.piece];
  }

  async function search(text, filter) {
    const found = [], seen = new Set();
    let cut = false;
    for (const query of [numberTerms(text), terms(text)]) {
      if (query.length === 0) continue;
      const some = await find(query, filter);
      cut = cut || some.cut;
      for (const hit of some.list) {
        const key = `${hit.block}/${hit.i}`;
        if (!seen.has(key)) {
          seen.add(key);
          found.push(hit);
        }
      }
    }
    return { list: found.slice(0, MOST), more: found.length > MOST, cut };
  }

  // The page.

  function matches(text, sought) {
    return tokens(text).filter((t) => sought.has(t.folded));
  }

  function marked(text, from, to, found) {
    const nodes = [];
    for (const m of found) {
      if (m.start < from || m.end > to) continue;
      nodes.push(text.slice(from, m.start));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(m.start, m.end);
      nodes.push(mark);
      from = m.end;
    }
    return [...nodes, text.slice(from, to)];
  }

  // snippet is some 240 characters of text around the place with the most different words.
  function snippet(text, sought) {
    const found = matches(text, sought);
    let best = 0, most = 0;
    found.forEach((m, i) => {
      const near = new Set();
      for (let k = i; k < found.length && found[k].end < m.start + 180; k++) near.add(found[k].folded).add(found[k].exact);
      if (near.size > most) [best, most] = [i, near.size];
    });
    const at = found.length > 0 ? found[best].start : 0;
    let from = at <= 60 ? 0 : text.indexOf(" ", at - 60) + 1;
    if (from > at) from = at;
    let to = from + 240 >= text.length ? text.length : text.lastIndexOf(" ", from + 240);
    if (to <= at) to = Math.min(text.length, from + 240);
    return [from > 0 ? "…" : "", ...marked(text, from, to, found), to < text.length ? "…" : ""];
  }

  function element(name, attributes, ...children) {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value) e.setAttribute(key, value);
    e.append(...children);
    return e;
  }

  function shownDate(day) {
    if (words.lang !== "en") return day.split("-").reverse().join("/");
    return new Date(day + "T00:00:00Z").toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }

  function item([kind, file, title, text, day], sought) {
    const article = KINDS[kind] === "bai-viet";
    const english = words.lang === "en" && !article;
    const link = new URL("../" + (english ? "en/" + file.replace(/^danh-ba(?=[/.])/, "contacts") : file), base);
    const lang = article ? words.lang : "vi";
    const meta = element("p", { class: "meta" }, element("span", {}, words["kind-" + KINDS[kind]]));
    if (day) meta.append(" ", element("time", { datetime: day }, shownDate(day)));
    return element("li", {},
      element("h2", {}, element("a", { href: link.href, lang }, ...marked(title, 0, title.length, matches(title, sought)))),
      meta, element("p", { class: "summary", lang }, ...snippet(text, sought)));
  }

  function pager(asked, page, last) {
    const list = element("ul", {});
    const link = (n, text, attributes) => {
      const query = new URLSearchParams(asked);
      query.set("trang", n);
      list.append(element("li", {}, element("a", { href: "?" + query, ...attributes }, text)));
    };
    if (page > 1) link(page - 1, words.previous, { rel: "prev" });
    for (let n = Math.max(1, page - 2); n <= Math.min(last, page + 2); n++) link(n, String(n), n === page ? { "aria-current": "page" } : {});
    if (page < last) link(page + 1, words.next, { rel: "next" });
    return list;
  }

  async function show() {
    const asked = new URLSearchParams(location.search);
    const text = (asked.get("q") || "").trim();
    for (const field of document.querySelectorAll("main form [name]")) {
      field.value = asked.get(field.name) || "";
      if (field.selectedIndex === -1) field.value = "";
    }
    if (!text) return;
    const status = document.getElementById("p_tong");
    status.textContent = words.looking;
    const known = (list, value) => (list.includes(value) ? value : ""); // as the portal does, which heeds no filter that it does not have
    const filter = { lang: words.lang, kind: known(KINDS, asked.get("loai")), section: known(index.sections, asked.get("muc")) };
    const found = await search(text, filter);
    const size = Number(words.perPage), last = Math.max(1, Math.ceil(found.list.length / size));
    const page = Math.min(last, Math.max(1, Number(asked.get("trang")) || 1));
    const sought = new Set(terms(text).flat().map((w) => w.folded));
    const hits = await Promise.all(found.list.slice((page - 1) * size, page * size).map(record));
    document.getElementById("p_kq").replaceChildren(...hits.map((hit) => item(hit, sought)));
    const count = new Intl.NumberFormat(words.lang).format(found.list.length);
    const sentences = [(found.more ? words.more : words.total).replace("{n}", count)];
    if (found.list.length === 0) sentences.push(words.none);
    if (found.cut) sentences.push(words.cut);
    status.textContent = sentences.join(" ");
    if (last > 1) document.getElementById("p_trang").replaceChildren(pager(asked, page, last));
  }

  function start(of) {
    index = of;
    base = document.currentScript.src;
    words = {};
    for (const { name, value } of document.getElementById("p_loi").attributes) {
      words[name.replace(/^data-/, "")] = value;
    }
    words.perPage = words["per-page"];
    show().catch((error) => {
      document.getElementById("p_tong").textContent = words.failed.replace("{file}", error.message);
    });
  }

  return {
    start,
    words: (block, shard, list) => shards.set(`${block}/${shard}`, new Map(Object.entries(list))),
    marks: (block, text) => marks.set(block, text),
    docs: (block, piece, list) => pieces.set(`${block}/${piece}`, list),
  };
})();
