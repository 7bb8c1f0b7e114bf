// Keeps a served page up to date: asks the server which edition of the book it shows and
// loads the page again when that is another one. While the book does not build, the page
// stays as it is and shows why.
(() => {
  const edition = document.querySelector('meta[name="kettle-edition"]').content;
  let events = null;

  function show(problem) {
    document.getElementById('kettle-problem')?.remove();
    if (!problem) return;
    const box = document.createElement('pre');
    box.id = 'kettle-problem';
    box.setAttribute('role', 'alert');
    box.textContent = problem;
    Object.assign(box.style, {
      position: 'fixed', inset: 'auto 0 0 0', margin: '0', padding: '1em',
      maxHeight: '40vh', overflow: 'auto', whiteSpace: 'pre-wrap', zIndex: '1000',
      color: 'white', background: '#8b1a1a', font: '13px/1.4 monospace',
    });
    document.body.append(box);
  }

  // A browser opens six connections to a server and no more. Pages that nobody looks at
  // would use them up, so only a visible one listens.
  function listen() {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (!events) {
      events = new EventSource('/-/events');
      events.addEventListener('edition', event => {
        if (event.data !== edition) location.reload();
      });
      events.addEventListener('problem', event => show(event.data));
    }
  }

  document.addEventListener('visibilitychange', listen);
  listen();
})();
