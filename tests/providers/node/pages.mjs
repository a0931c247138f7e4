// The two pages a person meets, plain HTML without JavaScript, and how their forms are read.

const LIMIT = 65536; // bytes

export function loginPage(response, complaint = "") {
  const status = complaint ? 403 : 200;
  show(response, status, "Sign in", `
    <p>${escaped(complaint)}</p>
    <form method="post">
      <label>Name <input type="text" name="username" required></label>
      <label>Password <input type="password" name="password" required></label>
      <button type="submit">Sign in</button>
    </form>`);
}

export function consentPage(response, client, scopes) {
  show(response, 200, "Consent", `
    <form method="post">
      <p>${escaped(client)} asks for: ${escaped(scopes.join(", ") || "what you allowed before")}.</p>
      <button type="submit" name="decision" value="deny">Deny</button>
      <button type="submit" name="decision" value="allow">Allow</button>
    </form>`);
}

export async function form(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > LIMIT) throw new Error("too large a form");
  }
  return new URLSearchParams(text);
}

function show(response, status, title, body) {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  });
  response.end(`<!doctype html><html lang="en"><title>${title}</title><body>${body}</body></html>\n`);
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
}
