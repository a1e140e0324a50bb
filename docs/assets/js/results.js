/* The filter of the results table. Its state stands in the query of the address, so that a link shows the same rows. */
(() => {
  "use strict";
  const form = document.querySelector(".matrix-form");
  if (!form) return;
  const output = form.querySelector("output");
  const runs = [...form.elements.run.options].slice(1).map((option) => option.value);
  let kept = null;
  /* The table as data, read when it is first asked for: most readers come to look, not to filter. */
  const table = () => kept ||= [...document.querySelectorAll("details.matrix")].map((box) => ({
    box,
    name: box.querySelector("h3").id,
    count: box.querySelector(".matrix__count"),
    rows: [...box.querySelectorAll("tbody tr")].map((row) => ({
      row,
      profile: row.dataset.profile,
      verdicts: [...row.cells].slice(1).map((cell) => cell.className),
      text: `${row.id} ${row.cells[0].textContent}`.toLowerCase(),
    })),
  }));
  const names = ["callback", "profile", "status", "run", "q"];

  /* Whether a row's verdicts are those asked for: in one run, or in any. */
  function judged(verdicts, asked, run) {
    const seen = run < 0 ? verdicts : [verdicts[run]];
    if (!asked) return true;
    if (asked === "differ") return verdicts.some((verdict) => verdict !== (run < 0 ? verdicts[0] : verdicts[run]));
    if (asked === "not-pass") return seen.some((verdict) => verdict !== "pass");
    return seen.includes(asked);
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
    output.textContent = output.dataset.count.replace("{shown}", shown).replace("{all}", all);
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

  /* A link to one row or cell shows it, whatever the filter says. */
  function follow() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (!target || !target.closest("details.matrix")) return;
    const row = target.closest("tr");
    if (target.closest("details.matrix").hidden || (row && row.hidden)) {
      form.reset();
      remember(show());
    }
    if (target.matches("td") && target.firstElementChild) target.firstElementChild.open = true;
    target.scrollIntoView();
  }

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
  follow();
})();
