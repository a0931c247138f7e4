// Serves panva's oidc-provider with users, passwords and a consent page: `node server.mjs --port 0`.
// Clients, users and lifetimes come from the environment, see ../README.md.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

import Provider, { errors } from "oidc-provider";

import { consentPage, form, loginPage } from "./pages.mjs";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
const clients = JSON.parse(process.env.PROVIDER_CLIENTS ?? "[]");
const users = new Map(JSON.parse(process.env.PROVIDER_USERS ?? "[]").map((user) => [user.username, user]));
const lifetimes = JSON.parse(process.env.PROVIDER_LIFETIMES ?? "{}"); // seconds

// The issuer names the port, which is known once something listens there.
const server = createServer();
server.listen(Number(values.port), "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration());
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    return interact(provider, request, response).catch((error) => {
      const known = error instanceof errors.OIDCProviderError;
      response.writeHead(known ? error.statusCode : 500, { "content-type": "text/plain" });
      response.end(known ? error.message : "Something went wrong.");
    });
  });
  console.log(`serving at ${issuer}`);
});

function configuration() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    clients: clients.map(registration),
    findAccount: (_context, id) => users.has(id) && { accountId: id, claims: () => claimsOf(users.get(id)) },
    claims: { openid: ["sub"], profile: ["name", "preferred_username"], email: ["email", "email_verified"] },
    scopes: ["openid", "offline_access"],
    clockTolerance: 0, // one machine, one clock: a lifetime is meant to the second
    cookies: { keys: [randomBytes(32).toString("hex")] },
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "of-this-run" }] },
    responseTypes: ["code"],
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false }, // they take any password
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    ttl: {
      AuthorizationCode: lifetimes.code ?? 60,
      AccessToken: lifetimes.access_token ?? 3600,
      ClientCredentials: lifetimes.access_token ?? 3600,
      RefreshToken: lifetimes.refresh_token ?? 86400,
      IdToken: 3600,
      Interaction: 3600,
      Grant: 86400,
      Session: 86400,
    },
  };
}

function registration(client) {
  const grants = client.grants ?? ["authorization_code", "refresh_token"];
  return {
    client_id: client.id,
    client_secret: client.secret,
    token_endpoint_auth_method: client.public ? "none" : "client_secret_basic",
    redirect_uris: client.redirect_uris ?? [],
    grant_types: grants,
    response_types: grants.includes("authorization_code") ? ["code"] : [],
    scope: client.scope,
  };
}

function claimsOf({ username, name, email }) {
  return { sub: username, preferred_username: username, name, email, email_verified: true };
}

async function interact(provider, request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  const sent = request.method === "POST" ? await form(request) : null;
  const finish = (result, more) => provider.interactionFinished(request, response, result, more);
  if (prompt.name === "login") {
    if (!sent) return loginPage(response);
    const user = users.get(sent.get("username"));
    if (!user || user.password !== sent.get("password")) return loginPage(response, "Wrong name or password.");
    return finish({ login: { accountId: user.username } });
  }
  if (!sent) return consentPage(response, params.client_id, prompt.details.missingOIDCScope ?? []);
  if (sent.get("decision") !== "allow") return finish({ error: "access_denied" });
  const known = grantId && (await provider.Grant.find(grantId));
  const grant = known || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(" "));
  grant.addOIDCClaims(prompt.details.missingOIDCClaims ?? []);
  return finish({ consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}
