// Starts GraphiQL; the token is kept for this tab only and sent as a bearer token.
"use strict";

const token = document.getElementById("token");
const who = document.getElementById("who");
token.value = sessionStorage.getItem("token") || "";

function fetcher(parameters) {
  const headers = { "content-type": "application/json", accept: "application/graphql-response+json, application/json" };
  if (token.value.trim()) headers.authorization = `Bearer ${token.value.trim()}`;
  return fetch("/graphql", { method: "POST", headers, body: JSON.stringify(parameters) }).then((answer) => answer.json());
}

async function greet() {
  sessionStorage.setItem("token", token.value.trim());
  who.textContent = "";
  who.className = "";
  if (!token.value.trim()) return;
  const answer = await fetcher({ query: "{ viewer { subject roles } }" });
  const viewer = answer.data && answer.data.viewer;
  who.className = viewer ? "" : "wrong";
  who.textContent = viewer ? `${viewer.subject}: ${viewer.roles.join(", ")}` : answer.errors[0].message;
}

document.getElementById("sign-in").addEventListener("submit", (event) => event.preventDefault());
token.addEventListener("change", greet);
greet();

const example = `# Paste a token above (make token ROLE=ops), then run this. · 在上方粘贴令牌后运行。
query Members {
  members(first: 10) {
    nodes {
      id
      name
      customer { name contracts { title state } }
      touches(first: 3) { date state reason }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`;

const root = ReactDOM.createRoot(document.getElementById("graphiql"));
root.render(React.createElement(GraphiQL, { fetcher, defaultQuery: example, isHeadersEditorEnabled: false }));
