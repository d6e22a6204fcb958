// Starts the reference page. Bundle and styles are swagger-ui's own, served from here.
SwaggerUIBundle({
  url: "/openapi.json",
  domNode: document.getElementById("reference"),
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  defaultModelExpandDepth: 3,
  displayRequestDuration: true,
  persistAuthorization: true,
  tryItOutEnabled: false,
  syntaxHighlight: { activated: true, theme: "nord" },
});
