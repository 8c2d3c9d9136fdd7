// Reports in the tutorials follow JupyterLab's mark of its theme. This gives them the site's theme in the same words.
addEventListener("DOMContentLoaded", () => {
  const { documentElement: root, body } = document;
  const follow = () => body.setAttribute("data-jp-theme-light", String(root.dataset.theme !== "dark"));
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  follow();
});
