/** The page that people see. */
export function page({ version, task, entries }) {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>Guestbook</title>
  <style>
    body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }
    code { font-size: 0.9em }
    form { display: grid; gap: 0.5rem; margin: 2rem 0 }
    input, button { font: inherit; padding: 0.4rem }
    dt { font-weight: 600 }
    dd { margin: 0 0 1rem }
  </style>
  <h1>Guestbook</h1>
  ${entries ? book(entries) : ''}
  <p>Version <code>${escaped(version)}</code> answered from task <code>${escaped(task)}</code>.</p>
</html>
`;
}

function book(entries) {
  return `<form method="post">
    <input name="author" aria-label="Your name" placeholder="Your name" maxlength="80" required />
    <input name="message" aria-label="Your message" placeholder="Your message" maxlength="500" required />
    <button>Write</button>
  </form>
  <dl>
    ${entries.map(({ author, message }) => `<dt>${escaped(author)}</dt><dd>${escaped(message)}</dd>`).join('\n    ')}
  </dl>`;
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
