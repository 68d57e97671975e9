// A slider and the number beside it say the same. Without this script either can be used alone.
for (const slider of document.querySelectorAll("input[data-moves]")) {
  const number = document.getElementById(slider.dataset.moves);
  slider.addEventListener("input", () => { number.value = slider.value; });
  number.addEventListener("input", () => { slider.value = number.value; });
}
