/** Hides the line that says "move it sideways" where everything can be seen. Without a script, it is there on every phone. */
export function hideNeedlessCues(): void {
  const watcher = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const cue = target.nextElementSibling;
      if (cue instanceof HTMLElement && cue.classList.contains('cue'))
        cue.hidden = target.scrollWidth <= target.clientWidth;
    }
  });
  for (const part of document.querySelectorAll('.scroll')) watcher.observe(part);
}
