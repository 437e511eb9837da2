/* What every page can do with script and can do without: menus that close, a lost connection that shows, a form that
   warns before it is left, the focus on what went wrong. No page needs it to work. The register has its own file. */
"use strict";
(() => {
  /* A menu closes on Escape, on a click beside it, and when another opens. */
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* The connection: one line on top of the page, in words, until it is back. */
  const line = document.getElementById("connection");
  let goes = 0;
  let said = "";
  const say = (key, seconds = 0) => {
    if (!line) return;
    clearTimeout(goes);
    line.textContent = key ? line.dataset[key] : "";
    line.hidden = !key;
    said = key;
    if (seconds) goes = setTimeout(() => say(""), seconds * 1000);
  };
  const back = () => { if (said === "offline") say("back", 4); else if (said === "fault") say(""); };
  window.addEventListener("offline", () => say("offline"));
  window.addEventListener("online", back);
  if (!navigator.onLine) say("offline");

  /* The session ended: a line says so, and all that was typed stays. Signing in happens on another tab; whoever comes back
     from there gets this page's token renewed, and what waits is sent. Not where somebody else has signed in. */
  const endedLine = () => document.getElementById("signed_out");
  const hasEnded = (ctx) => ctx?.response?.headers.get("HX-Retarget") === "#signed_out";
  const renew = async () => {
    const ended = endedLine();
    if (!ended?.childElementCount) return;
    const answer = await fetch(ended.dataset.url).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const body = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (body.dataset.account !== document.body.dataset.account) {
      ended.textContent = ended.dataset.other;
      return;
    }
    const headers = body.getAttribute("hx-headers:inherited");
    document.body.setAttribute("hx-headers:inherited", headers);
    for (const input of document.querySelectorAll("input[name$=csrf_token]")) input.value = JSON.parse(headers)["X-CSRFToken"];
    ended.replaceChildren();
    document.dispatchEvent(new Event("signed-in"));
  };
  document.addEventListener("htmx:finally:request", (event) => { if (hasEnded(event.detail.ctx)) renew(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });
  window.addEventListener("focus", renew);

  const statusOf = (event) => event.detail?.ctx?.response?.status ?? 0;
  const broke = (status) => status >= 500 || status === 404;
  document.addEventListener("htmx:error", (event) => { if (!statusOf(event)) say("offline"); });
  document.addEventListener("htmx:after:request", (event) => broke(statusOf(event)) ? say("fault") : back());

  /* A form that stores by itself says in its own place how that stands; that place holds the words (data-busy, …). */
  const tell = (element, state) => {
    const place = element.closest?.("[data-autosave]")?.querySelector("[data-state]");
    if (!place) return;
    place.className = `saved ${state}`;
    place.textContent = place.dataset[state] ?? "";
  };
  document.addEventListener("htmx:before:request", (event) => tell(event.target, "busy"));
  document.addEventListener("htmx:error", (event) => tell(event.target, "waiting"));
  document.addEventListener("htmx:after:request", (event) => {
    tell(event.target, broke(statusOf(event)) || statusOf(event) >= 400 ? "failed" : "stored");
    if (statusOf(event) < 400) touched.delete(event.target);
  });

  /* What was typed and isn't stored: leaving asks first. */
  const touched = new Set(document.querySelectorAll("[data-typed]"));
  const guarded = (target) => (target.form?.matches("[data-guard]") && !target.closest("[data-view-only]") ? target.form : null);
  document.addEventListener("input", (event) => { const form = guarded(event.target); if (form) touched.add(form); });
  document.addEventListener("submit", (event) => touched.delete(event.target));
  document.addEventListener("reset", (event) => touched.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    for (const form of touched) if (form.isConnected) return event.preventDefault();
  });

  /* A refused form: the summary of what is wrong gets the focus. */
  const attend = (scope) => (scope.matches?.("[data-focus]") ? scope : scope.querySelector?.("[data-focus]"))?.focus();
  document.addEventListener("htmx:after:swap", (event) => attend(event.target.isConnected ? event.target : document));
  attend(document);

  /* Of half a date, time or number a browser hands over nothing. Such a form isn't sent, so that what was typed stays;
     the page says what to do beside the field, which holds the words (data-half), until it is right. */
  const complain = (input, isWrong) => {
    const name = `${input.id}-error`;
    const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== name);
    document.getElementById(name)?.remove();
    if (isWrong) {
      const place = document.createElement("p");
      [place.id, place.className, place.textContent] = [name, "error", input.dataset.half];
      input.after(place);
    }
    input.toggleAttribute("data-half-said", isWrong);
    input.setAttribute("aria-invalid", isWrong);
    input.setAttribute("aria-describedby", [...others, ...(isWrong ? [name] : [])].join(" "));
    input.closest(".form-field")?.classList.toggle("wrong", isWrong);
  };
  document.addEventListener("submit", (event) => {
    const half = [...event.target.elements].filter((input) => input.dataset.half && input.validity.badInput);
    if (!half.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    for (const input of half) complain(input, true);
    half[0].focus();
  }, true);
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-half-said]") && !event.target.validity.badInput) complain(event.target, false);
  });

  /* A form that was sent isn't sent again by a second tap. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  /* Tabs that don't fit: the one that is open comes into sight. */
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  /* Printing needs script. */
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  /* What has to be typed elsewhere can be copied, without the spaces that make it readable. */
  for (const button of document.querySelectorAll("[data-copies]")) {
    const text = document.getElementById(button.dataset.copies).textContent.replace(/\s/g, "");
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      button.textContent = button.dataset.done;
    });
  }
  /* A colour shows on the page while it is chosen. */
  for (const input of document.querySelectorAll("[data-previews]")) {
    input.addEventListener("input", () => document.documentElement.style.setProperty(input.dataset.previews, input.value));
  }
  /* A password can be read while it is typed; what is sent is hidden again, so a browser keeps no words of it. */
  for (const button of document.querySelectorAll("[data-shows]")) {
    const input = document.getElementById(button.dataset.shows);
    const show = (isShown) => {
      input.type = isShown ? "text" : "password";
      button.setAttribute("aria-pressed", isShown);
    };
    button.hidden = false;
    button.addEventListener("click", () => show(input.type === "password"));
    input.form.addEventListener("submit", () => show(false));
  }
  /* One box that ticks them all; a button that does something to whoever is ticked says how many. */
  const named = (form, name) => [...form.elements].filter((other) => other.name === name);
  const count = (form) => {
    const all = form.elements.allen?.checked ? Number(form.elements.allen.dataset.total) : 0;
    for (const box of [...form.elements].filter((other) => other.dataset.all)) {
      box.closest("label").hidden = false;
      box.checked = named(form, box.dataset.all).every((other) => other.checked);
    }
    for (const button of [...form.elements].filter((other) => other.dataset.counts)) {
      const ticked = all || named(form, button.dataset.counts).filter((other) => other.checked).length;
      button.dataset.label ??= button.textContent;
      button.textContent = ticked ? `${button.dataset.label} (${ticked})` : button.dataset.label;
    }
  };
  const countEach = () => {
    for (const form of new Set([...document.querySelectorAll("[data-all], [data-counts]")].map((each) => each.form))) count(form);
  };
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || ![...form.elements].some((other) => other.dataset.counts)) return;
    if (event.target.dataset.all) for (const other of named(form, event.target.dataset.all)) other.checked = event.target.checked;
    count(form);
  });
  /* Who was ticked stays so while a search goes on. */
  const boxes = () => [...document.querySelectorAll("[data-counts]")].flatMap((each) => named(each.form, each.dataset.counts));
  let ticked = [];
  document.addEventListener("htmx:before:swap", () => { ticked = boxes().filter((each) => each.checked).map((each) => each.value); });
  document.addEventListener("htmx:after:swap", () => {
    for (const box of boxes()) if (ticked.includes(box.value)) box.checked = true;
    countEach();
  });
  countEach();
  /* A link to what is folded away opens it. */
  const unfold = () => {
    const folded = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector("details");
    if (folded) folded.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
  /* A choice that narrows a list sends its form at once; the button for that stays for who has no script. */
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-sends]")) event.target.form.requestSubmit();
  });
})();
