/** Starts a playground when it comes near, when it is touched, or when the address holds a state for it. */

const places = [...document.querySelectorAll(".play")];

/** @param {Element} place */
async function start(place) {
  if (place.hasAttribute("data-started")) return;
  place.setAttribute("data-started", "");
  const { files } = JSON.parse(place.querySelector(".play-data")?.textContent ?? "{}");
  const python = import("./python.js").then(({ Python }) => new Python(files)); // starts while the rest is on its way
  const { Playground } = await import("./widget.js");
  new Playground(/** @type {HTMLElement} */ (place), await python);
}

const near = new IntersectionObserver(
  (seen) => seen.filter((entry) => entry.isIntersecting).forEach((entry) => start(entry.target)),
  { rootMargin: "200px" },
);

/** Go to the playground if the address is a link to a state of it. */
function follow() {
  if (!location.hash.startsWith("#play&") || !places.length) return;
  places[0].scrollIntoView();
  start(places[0]);
}

places.forEach((place) => near.observe(place));
addEventListener("hashchange", follow);
follow();
