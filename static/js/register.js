/* The register, and the levels or results of a group: each tap is stored at once, and what shows is what is stored. One
   request a row at a time; a newer tap waits for the answer and takes its version along. Without a connection a tap
   waits in its row. Without this file it is a plain form. */
"use strict";
(() => {
  const root = document.documentElement;
  const SEGMENTS = { a: "present", t: "late", f: "absent", m: "excused" };
  const AUTHORISED = { g: "yes", o: "no" };
  const TYPED = "input:not([type=hidden]), select";
  const states = new Map();
  const everyone = { isBusy: false, isWanted: false };
  let pause = 2000, timer = 0;
  root.classList.add("has-script");

  const form = () => document.getElementById("register-form");
  const list = () => document.querySelector("#register-form .register");
  const rows = () => [...document.querySelectorAll("#register-form .register > [data-autosave]")];
  const rowOf = (element) => element?.closest?.("#register-form [data-autosave]");
  const stateOf = (row) => states.get(row.id) ?? states.set(row.id, { isBusy: false, again: false, waits: false }).get(row.id);
  const pending = (row) => { const state = stateOf(row); return state.isBusy || state.again || state.waits; };
  const minutesOf = (row, letter) => row.querySelector(`input[name^="${letter}."]`);

  /* What is stored shows: the page's inputs follow the answer, but for what is being typed just now. */
  const settle = (row) => {
    for (const input of row.querySelectorAll("input")) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = input.defaultChecked;
      else if (input !== document.activeElement) input.value = input.defaultValue;
    }
    for (const option of row.querySelectorAll("option")) option.selected = option.defaultSelected;
  };
  const fill = (element, pattern, values) => {
    if (element) element.textContent = pattern.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  };
  const count = () => {
    const all = rows();
    if (!all.length) return;
    const open = all.filter((row) => row.hasAttribute("data-empty")).length;
    const waits = all.filter((row) => stateOf(row).waits).length;
    const filled = document.querySelector("[data-filled]"), left = document.querySelector("[data-left]");
    const said = document.querySelector("[data-waits]");
    fill(filled, filled.dataset.filled, { done: all.length - open, total: all.length });
    filled.parentElement.querySelector("progress").value = all.length - open;
    fill(left, open ? left.dataset.left : left.dataset.done, { open });
    if (waits) fill(said, said.dataset.waits, { n: waits });
    else if (said.dataset.shown) said.textContent = "";
    said.dataset.shown = waits ? "1" : "";
    const button = document.getElementById("everyone");
    if (button) button.hidden = !open;
  };

  /* Sending */
  const send = (row) => {
    const state = stateOf(row);
    state.isBusy = true;
    state.again = state.waits = false;
    htmx.trigger(row, "store");
  };
  const want = (row) => {
    if (!row) return;
    const state = stateOf(row);
    if (state.isBusy || everyone.isBusy) state.again = true;
    else send(row);
  };
  const sendWaiting = () => {
    clearTimeout(timer);
    for (const row of rows()) if (stateOf(row).waits && !stateOf(row).isBusy) send(row);
    if (everyone.isWanted) askEveryone();
  };
  const waitAWhile = () => {
    clearTimeout(timer);
    timer = setTimeout(sendWaiting, pause);
    pause = Math.min(pause * 1.6, 20000);
  };
  const askEveryone = () => {
    if (rows().some(pending)) return;
    everyone.isWanted = false;
    document.getElementById("everyone")?.requestSubmit();
  };
  const bodyOf = (row) => {
    const body = new FormData();
    for (const input of row.querySelectorAll("input[name], select[name]")) {
      if (input.type !== "radio" || input.checked) body.append(input.name, input.value);
    }
    body.append("cursist", row.querySelector("input[name^='v.']").name.slice(2));
    return body;
  };

  document.addEventListener("change", (event) => {
    const row = rowOf(event.target), name = event.target.name ?? "";
    if (row && /^[sleg]\./.test(name)) want(row);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id === "register-form") event.preventDefault();
  });
  document.addEventListener("htmx:config:request", (event) => {
    const ctx = event.detail.ctx, source = ctx.sourceElement;
    if (source.id === "everyone") {
      if (rows().some(pending)) {
        everyone.isWanted = true;
        event.preventDefault();
        return;
      }
      everyone.isBusy = true;
      list().inert = true;
    } else if (source.matches("#register-form [data-autosave]")) {
      stateOf(source).isBusy = true;
      if (!ctx.values) ctx.request.body = bodyOf(source);
    }
  });
  /* How a row stands, in a word: busy, waiting for the connection, or not stored. */
  const say = (row, word) => {
    const place = row.querySelector("[data-state]");
    place.className = `saved ${word}`;
    place.textContent = list().dataset[word] ?? "";
  };
  document.addEventListener("htmx:before:request", (event) => { if (rowOf(event.target)) say(rowOf(event.target), "busy"); });
  const hasEnded = (ctx) => ctx.response?.headers.get("HX-Retarget") === "#signed_out";
  /* An answer that isn't the row (a page that says what went wrong) isn't put in its place. */
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    const row = rowOf(ctx.sourceElement);
    if (!row || ctx.swap === "none") return;
    if (hasEnded(ctx)) ctx.isStrange = true;
    else if (tasks[0]?.fragment?.firstElementChild?.id !== row.id) {
      ctx.isStrange = true;
      event.preventDefault();
    } else if (stateOf(row).again) ctx.chosen = chosenIn(row);
  });
  /* What was chosen since the request left: the answer brings its version, and leaves the choice as it is. */
  const chosenIn = (row) => new Map([...row.querySelectorAll(TYPED)].map((input) => [input.id || input.name, [input.checked, input.value]]));
  const chooseAgain = (row, chosen) => {
    for (const input of row.querySelectorAll(TYPED)) {
      const kept = chosen.get(input.id || input.name);
      if (kept) [input.checked, input.value] = kept;
    }
  };
  document.addEventListener("htmx:after:swap", (event) => {
    const ctx = event.detail.ctx, refused = ctx.response?.status >= 400;
    if (ctx.isStrange || ctx.swap === "none") return; // nothing of it was put in the page
    const row = rowOf(ctx.target);
    if (row && ctx.chosen && !refused) chooseAgain(row, ctx.chosen);
    for (const each of row ? [row] : rows()) if (refused || !(stateOf(each).again || stateOf(each).waits)) settle(each);
    if (!row && document.activeElement === document.body) document.querySelector("#register .bar button:not([data-plain])")?.focus();
    row?.querySelector("[data-focus-here]")?.focus();
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const ctx = event.detail.ctx, status = ctx.response?.status ?? 0;
    const row = rowOf(ctx.sourceElement), isKept = status >= 200 && status < 500 && ![401, 403, 404].includes(status) && !ctx.isStrange;
    if (ctx.keepIndicators) states.clear();
    else if (row) answered(row, isKept, status, hasEnded(ctx));
    else if (ctx.sourceElement.id === "everyone") {
      everyone.isBusy = false;
      if (list()) list().inert = false;
      if (!status || hasEnded(ctx)) everyone.isWanted = true;
      if (!status) waitAWhile();
      for (const each of rows()) if (stateOf(each).again) send(each);
    }
    count();
  });
  const answered = (row, isKept, status, isOver) => {
    const state = stateOf(row);
    state.isBusy = false;
    if (!isKept) {
      state.again = false;
      state.waits = true;
      say(row, status ? "failed" : "waiting");
      if (!isOver) waitAWhile();
      return;
    }
    pause = 2000;
    if (status >= 400) state.again = false;
    if (state.again) send(row);
    else if (rows().some((each) => stateOf(each).waits && !stateOf(each).isBusy)) sendWaiting();
    else if (everyone.isWanted) askEveryone();
  };
  window.addEventListener("online", sendWaiting);
  document.addEventListener("signed-in", sendWaiting);
  window.addEventListener("beforeunload", (event) => {
    if (rows().some(pending) || everyone.isWanted) event.preventDefault();
  });

  /* Taking back a row; a change on a later day: its reason, or leaving it as it was. */
  const takeBack = (row, button) => {
    if (pending(row)) return;
    const values = { stap: button.value, cursist: row.querySelector("input[name^='v.']").name.slice(2) };
    htmx.ajax("POST", document.getElementById("undo").action, { source: row, target: row, swap: "outerMorph", values });
  };
  document.addEventListener("click", (event) => {
    const row = rowOf(event.target), undo = event.target.closest(".undo");
    if (row && undo) {
      event.preventDefault();
      takeBack(row, undo);
    }
    const close = event.target.closest("#mark_note [data-close]");
    if (close && list()) {
      event.preventDefault();
      close.closest("#mark_note").replaceChildren();
      document.querySelector(`${close.hash} [form=n]`)?.focus();
    }
    if (row && event.target.closest("[data-store]")) want(row);
    if (row && event.target.closest("[data-back]")) htmx.ajax("GET", location.pathname, { target: "#register", swap: "outerMorph" });
  });

  /* The keyboard: arrows go between rows and choices without choosing, letters choose. */
  const radiosOf = (row) => [...row.querySelectorAll("[type=radio]")];
  const go = (radio, down, along) => {
    const row = rowOf(radio), all = rows(), at = radiosOf(row).indexOf(radio);
    const next = all[all.indexOf(row) + down];
    if (down) radiosOf(next ?? row)[Math.max(at, 0)].focus();
    else radiosOf(row).at((at + along) % radiosOf(row).length).focus();
  };
  const radioOf = (row, letter) => radiosOf(row).find((each, at) => each.value === SEGMENTS[letter] || String(at + 1) === letter);
  /* A letter or a figure chooses, and goes on to the next learner; who comes late first gets her minutes. What can still
     be said of the choice (taking it back, whether it was authorised) is then about the row that was left. */
  let lastChosen = "";
  const choose = (row, radio) => {
    radio.focus();
    if (!radio.checked) radio.click();
    lastChosen = row.id;
    if (radio.value === "late") minutesOf(row, "l").focus();
    else go(radio, 1, 0);
  };
  const rowLeft = () => rows().find((each) => each.id === lastChosen);
  const withUndo = (row) => (row.querySelector(".undo") ? row : rowLeft());
  const absence = (row) => row?.querySelector("[value=absent]:checked, [value=excused]:checked");
  const letterOf = (event) => (/^[a-z0-9]$/i.test(event.key) ? event.key : event.code.replace(/^(Key|Digit)/, "")).toLowerCase();
  /* What a letter does; says whether it does anything. */
  const onLetter = (row, letter) => {
    const radio = radioOf(row, letter);
    if (radio) choose(row, radio);
    else if (letter === "v") leftEarly(row);
    else if (AUTHORISED[letter]) sayAuthorised(absence(row) ? row : rowLeft(), AUTHORISED[letter]);
    else if (letter === "z") withUndo(row)?.querySelector(".undo")?.click();
    else return false;
    return true;
  };
  const onRadio = (event, row) => {
    const turn = root.dir === "rtl" ? -1 : 1;
    const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, turn], ArrowLeft: [0, -turn] };
    if (moves[event.key]) go(event.target, ...moves[event.key]);
    else if (event.key === "Enter") event.target.click();
    else if (!onLetter(row, letterOf(event))) return;
    event.preventDefault();
  };
  /* In the minutes figures are typed: arrows up and down leave them, Enter goes on to the next learner, letters act. */
  const onMinutes = (event, row) => {
    const here = row.querySelector("[type=radio]:checked") ?? radiosOf(row)[0];
    const down = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (down) go(here, down, 0);
    else if (event.key === "Escape") here.focus();
    else if (/^[0-9]$/.test(letterOf(event)) || event.key.length > 1 || !onLetter(row, letterOf(event))) return;
    event.preventDefault();
  };
  const leftEarly = (row) => {
    const opener = row.querySelector(".opener input");
    if (!row.querySelector("[value=present]:checked, [value=late]:checked")) return;
    opener.checked = true;
    minutesOf(row, "e").focus();
  };
  /* Said of an absence alone, and not anew when it says so already. */
  const sayAuthorised = (row, value) => {
    const select = row?.querySelector("select");
    if (!absence(row) || select.value === value) return;
    select.value = value;
    want(row);
  };
  document.addEventListener("keydown", (event) => {
    const row = rowOf(event.target);
    if (!row || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.type === "radio") onRadio(event, row);
    else if (event.target.inputMode === "numeric") onMinutes(event, row);
    else if (event.target.name?.startsWith("r.") && event.key === "Enter") {
      event.preventDefault();
      want(row);
    }
  });

  /* htmx looks at a page a moment after its scripts have run; a key or a tap can be sooner. */
  if (form()) htmx.process(form());
  rows().forEach(settle);
  count();
  /* With a keyboard the first row that is open is where one begins. */
  const first = rows().find((each) => each.hasAttribute("data-empty")) ?? rows()[0];
  if (first && matchMedia("(pointer: fine)").matches && document.activeElement === document.body && !location.hash) {
    radiosOf(first)[0].focus({ preventScroll: true });
  }
})();
