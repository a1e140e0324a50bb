/* The filter of the results tables, and the dialog that shows what broke a clause.
   The filter's state stands in the query of the address, the cell that is open in its fragment. */
(() => {
  "use strict";
  const form = document.querySelector(".matrix-form");
  if (!form) return;
  const output = form.querySelector("output");
  const options = [...form.elements.run.options].slice(1);
  const runs = options.map((option) => option.value);
  const earlier = options.map((option) => (option.dataset.before ? Number(option.dataset.before) : -1));
  const series = options.flatMap((option, index) => (option.closest("[data-family='keras-3']") ? [index] : []));
  let kept = null;
  /* The table as data, read when it is first asked for: most readers come to look, not to filter. */
  const table = () => kept ||= [...document.querySelectorAll("details.matrix")].map((box) => ({
    box,
    name: box.querySelector("h3").id,
    count: box.querySelector(".matrix__count"),
    rows: [...box.querySelectorAll("tbody tr")].map((row) => ({
      row,
      profile: row.dataset.profile,
      verdicts: row.dataset.v,
      text: `${row.id} ${row.cells[0].textContent}`.toLowerCase(),
    })),
  }));
  const names = ["callback", "profile", "run", "status", "q"];

  const BROKEN = "fku";
  const began = (was, now) => BROKEN.includes(was) && now === "p";
  const changes = { began, ended: (was, now) => began(now, was) };
  const differ = (letters) => letters.some((letter) => letter !== letters[0]);

  /* Whether a row's verdicts, a letter for each run, are those asked for: in one run, or in any. */
  function judged(verdicts, asked, run) {
    const letters = [...verdicts];
    const seen = run < 0 ? letters : [letters[run]];
    if (!asked) return true;
    if (asked === "differ") return run < 0 ? differ(letters) : letters.some((letter) => letter !== letters[run]);
    if (asked === "versions") return differ(series.map((index) => letters[index]));
    if (changes[asked]) {
      const places = run < 0 ? letters.keys() : [run];
      return [...places].some((at) => earlier[at] >= 0 && changes[asked](letters[earlier[at]], letters[at]));
    }
    if (asked === "not-pass") return seen.some((letter) => letter !== "p");
    return seen.includes(asked[0]);
  }

  function show() {
    const asked = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    const words = asked.q.toLowerCase().split(/\s+/).filter(Boolean);
    const run = runs.indexOf(asked.run);
    let shown = 0;
    let all = 0;
    for (const group of table()) {
      let own = 0;
      const here = !asked.callback || asked.callback === group.name;
      for (const { row, profile, verdicts, text } of group.rows) {
        const fits = here && (!asked.profile || asked.profile === profile) &&
          judged(verdicts, asked.status, run) && words.every((word) => text.includes(word));
        if (row.hidden === fits) row.hidden = !fits;
        own += fits ? 1 : 0;
      }
      group.box.hidden = own === 0;
      group.count.textContent = own === group.rows.length ? own : `${own} / ${group.rows.length}`;
      shown += own;
      all += group.rows.length;
    }
    output.textContent = form.dataset.count.replace("{shown}", shown).replace("{all}", all);
    return asked;
  }

  function remember(asked) {
    const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value)).toString();
    history.replaceState(null, "", location.pathname + (query ? `?${query}` : "") + location.hash);
  }

  /* A value that a list does not offer is left out: an old link still shows something. */
  function recall() {
    const query = new URLSearchParams(location.search);
    for (const name of names) {
      const field = form.elements[name];
      const value = query.get(name) || "";
      field.value = value;
      if (field.value !== value) field.value = "";
    }
    if (kept || location.search) show();
  }

  /* The row of a fragment, and the run it names: #es-09 or #es-09-keras-3-4-1-tensorflow, shared cell or not. */
  function meant() {
    const id = decodeURIComponent(location.hash.slice(1));
    const [, clause, run] = id.match(/^([a-z]+-\d+)(?:-(.+))?$/) || [];
    const row = clause && document.getElementById(clause);
    if (row && row.closest("details.matrix")) return { row, run: run || "", index: runs.indexOf(run) };
    return { target: id && document.getElementById(id) };
  }

  function cellOf(row, index) {
    const families = [...form.elements.run.querySelectorAll("optgroup")];
    return row.cells[1 + families.indexOf(options[index].parentElement)];
  }

  /* A link to a row or a cell shows it, whatever the filter says; a cell with a case opens it. */
  function follow() {
    document.querySelector("td.meant")?.classList.remove("meant");
    const { row, run, index, target } = meant();
    const shown = row || target;
    const box = shown && shown.closest("details.matrix");
    if (!box) return close();
    if (box.hidden || (row && row.hidden)) {
      form.reset();
      remember(show());
    }
    box.open = true;
    shown.scrollIntoView();
    if (!run || index < 0) return close();
    cellOf(row, index).classList.add("meant");
    if (cellOf(row, index).querySelector("a")) open(row, run);
    else close();
  }

  /* The dialog. */
  const pages = new Map();
  let dialog = null;

  function load(name) {
    if (!pages.has(name)) {
      const address = new URL(`${name}/`, location.href.split(/[?#]/)[0]);
      const loading = fetch(address).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
        .then((text) => ({ address, page: new DOMParser().parseFromString(text, "text/html") }));
      loading.catch(() => pages.delete(name));
      pages.set(name, loading);
    }
    return pages.get(name);
  }

  function made() {
    if (dialog) return dialog;
    dialog = document.createElement("dialog");
    dialog.className = "case-dialog md-typeset";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "kept" && meant().run) history.replaceState(null, "", `${location.pathname}${location.search}#${meant().row.id}`);
    });
    dialog.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      const own = link && link.getAttribute("data-cell");
      if (own) {
        event.preventDefault();
        location.hash = own;
      } else if (event.target === dialog) dialog.close();
    });
    document.body.append(dialog);
    return dialog;
  }

  function close() {
    if (dialog && dialog.open) dialog.close();
  }

  function fill(...parts) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "case-dialog__close";
    button.textContent = form.dataset.close;
    button.addEventListener("click", close);
    made().replaceChildren(button, ...parts);
    button.focus();
  }

  function said(words, name) {
    const line = document.createElement("p");
    line.textContent = words;
    made().setAttribute("aria-label", name);
    return line;
  }

  async function open(row, run) {
    const id = `${row.id}-${run}`;
    const name = row.closest("details.matrix").querySelector("h3").id;
    fill(said(form.dataset.loading, row.id.toUpperCase()));
    dialog.returnValue = "";
    if (!dialog.open) dialog.showModal();
    try {
      const { address, page } = await load(name);
      if (decodeURIComponent(location.hash.slice(1)) !== id) return;
      const article = page.getElementById(id)?.closest("article");
      if (!article) return dialog.close("kept");
      const copy = document.importNode(article.closest("section"), true);
      copy.removeAttribute("id");
      const others = [...copy.querySelectorAll("article")];
      others.forEach((one) => one.querySelector(`[id="${id}"]`) || one.remove());
      for (const link of copy.querySelectorAll("a")) {
        const place = link.getAttribute("href");
        if (place.startsWith("#")) link.dataset.cell = place;
        if (link.className === "case-row") link.dataset.cell = `#${row.id}`;
        link.href = place.startsWith("#") ? place : new URL(place, address).href;
      }
      copy.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
      fill(copy);
    } catch {
      fill(said(form.dataset.unreachable, row.id.toUpperCase()));
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".matrix__table td a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const hash = link.getAttribute("href").replace(/^[^#]*/, "");
    if (location.hash === hash) follow();
    else location.hash = hash;
  });

  let waiting;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => remember(show()), event.target.name === "q" ? 120 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => remember(show())));
  window.addEventListener("hashchange", follow);
  window.addEventListener("popstate", recall);
  recall();
  if (location.hash) follow();
})();
