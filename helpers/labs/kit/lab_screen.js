// A lab on a projector: all of it larger, and Python draws the picture for the height that the rest leaves.

const PAGE = { width: 1000, height: 562, least: 0.85 };  // pixels of a lab that fill a screen; letters stay readable
const ENOUGH = 330, LOWEST = 240;  // of a picture: below the first all else is folded, below the second a lab scrolls

/** How many times as large a lab is on a screen of this size. Pure. */
export function zoomOn({ width, height }) {
  return Math.max(PAGE.least, Math.min(width / PAGE.width, height / PAGE.height));
}

/** The height of a picture, 0 for its own, and whether what can wait is folded; `beside` is as high. Pure. */
export function pictureRoom(unfolded, folded, beside) {
  if (unfolded >= Math.max(ENOUGH, beside)) return { height: Math.floor(unfolded), folds: false };
  return { height: folded >= LOWEST ? Math.floor(folded) : 0, folds: true };
}

/** The rule of a lab for the whole screen: fit(on). `stage` holds its picture; `setHeight` tells Python. */
export function labScreen(stage, reads, setHeight) {
  let root = null;
  const left = (folds) => {  // pixels of the lab below the top of its picture, without the read-outs
    root.classList.toggle("tm-folded", folds);
    const style = getComputedStyle(root), gap = parseFloat(getComputedStyle(reads.parentElement).rowGap);
    const top = (stage.getBoundingClientRect().top - root.getBoundingClientRect().top) / root.currentCSSZoom;
    return root.clientHeight - parseFloat(style.paddingBottom) - top - root.scrollTop - reads.offsetHeight - gap;
  };
  const lay = () => {
    const side = reads.parentElement.firstElementChild, middle = stage.parentElement;
    const beside = side.offsetTop === middle.offsetTop ? side.offsetHeight : 0;
    const { height, folds } = pictureRoom(left(false), left(true), beside);
    root.classList.toggle("tm-folded", folds);
    setHeight(height);
  };
  const watch = new ResizeObserver(() => requestAnimationFrame(() => root.classList.contains("tm-whole") && lay()));
  return (on) => {
    root ??= stage.closest(".tm-root");
    watch.disconnect();
    root.classList.toggle("tm-fills", on);
    root.style.setProperty("--tm-zoom", zoomOn({ width: window.innerWidth, height: window.innerHeight }));
    if (on) {
      lay();
      for (const one of [reads, reads.parentElement.firstElementChild]) watch.observe(one);
      return;
    }
    root.style.removeProperty("--tm-zoom");
    root.classList.remove("tm-folded");
    setHeight(0);
  };
}
