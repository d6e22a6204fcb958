// Shows the latest mails to shoppers. The key stays in this page and goes to this server alone.
const said = document.getElementById("said");
const mails = document.getElementById("mails");

document.getElementById("open").addEventListener("submit", async (event) => {
  event.preventDefault();
  const key = new FormData(event.target).get("key");
  said.textContent = "Looking …";
  try {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch("/v1/ops/mailbox?limit=50", { headers });
    const body = await response.json();
    if (!response.ok) throw new Error(body.title);
    mails.replaceChildren(...body.mails.map(letter));
    said.textContent = body.mails.length === 0 ? "No mails yet." : `${body.mails.length} mails.`;
  } catch (problem) {
    mails.replaceChildren();
    said.textContent = problem.message;
  }
});

function letter({ to, subject, text, at, region }) {
  const article = document.createElement("article");
  const addressee = to ? `${to.name ?? ""} <${to.email}>`.trim() : "whose address is gone";
  article.append(
    part("h2", subject),
    part("p", `To ${addressee}, ${new Date(at).toLocaleString()}, ${region}`),
    part("p", text),
  );
  return article;
}

function part(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
