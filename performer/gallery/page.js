// A still opens in place; left and right go on, Escape or a click goes back.
const figures = [...document.querySelectorAll("figure")];
const room = document.createElement("dialog");
const large = room.appendChild(document.createElement("img"));
const told = room.appendChild(document.createElement("p"));
document.body.append(room);
let at = 0;

function show(number) {
  at = (number + figures.length) % figures.length;
  const small = figures[at].querySelector("img");
  large.src = small.src;
  large.alt = small.alt;
  const whose = figures[at].closest("section").querySelector("h3").textContent;
  told.textContent = `${whose}: ${figures[at].querySelector("figcaption").textContent}`;
  if (!room.open) room.showModal();
}

figures.forEach((figure, number) => {
  figure.querySelector("a").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a tab of its own
    event.preventDefault();
    show(number);
  });
});
room.addEventListener("click", () => room.close());
room.addEventListener("close", () => {
  figures[at].querySelector("a").focus();
});
document.addEventListener("keydown", (event) => {
  const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (room.open && way) show(at + way);
});
