"""The button that copies the address of what is on the page now, also out of an iframe."""

import os

import streamlit as st

from dlfa.messages import _, spoken
from dlfa.ui import address

__all__ = ["copy_link", "public_address"]

HTML = """
<button type="button"><svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path
 fill="currentColor" d="M3.9 12a3.1 3.1 0 0 1 3.1-3.1h4V7H7a5 5 0 0 0 0 10h4v-1.9H7A3.1 3.1 0 0 1
 3.9 12ZM8 13h8v-2H8v2Zm9-6h-4v1.9h4a3.1 3.1 0 0 1 0 6.2h-4V17h4a5 5 0 0 0 0-10Z"/></svg
><span></span></button>
<input readonly hidden>
<p role="status" aria-live="polite"></p>
"""

CSS = """
button {
  display: flex; align-items: center; justify-content: center; gap: 0.5rem; width: 100%;
  min-height: 2.5rem; padding: 0.25rem 0.75rem; cursor: pointer; font: inherit; font-size: 0.875rem;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
}
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
button:focus-visible, input:focus-visible {
  outline: 2px solid var(--st-primary-color); outline-offset: 2px;
}
input {
  box-sizing: border-box; width: 100%; margin-top: 0.5rem; padding: 0.4rem; font: inherit;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
}
p { margin: 0.4rem 0 0; font-size: 0.875rem; color: var(--st-text-color); }
p:empty { display: none; }
"""

# The address is read when the button is pressed: a fragment may have changed it since the button
# was drawn. An iframe without the right permission, or a page without https, has no clipboard:
# then the old command is tried, and in the end the link stands there, selected.
JS = """
function address(data) {
  const query = new URLSearchParams(window.location.search);
  query.delete("embed");
  query.delete("embed_options");
  if (data.base) query.set("page", data.page);
  const found = new URL(data.base || window.location.origin + window.location.pathname);
  for (const [key, value] of query) found.searchParams.append(key, value);
  return found.href;
}

function copiedTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
  }
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedTheOldWay(text);
  }
}

export default function ({ data, parentElement }) {
  document.documentElement.lang = data.language;
  const button = parentElement.querySelector("button");
  const field = parentElement.querySelector("input");
  const status = parentElement.querySelector("p");
  button.querySelector("span").textContent = data.label;
  field.setAttribute("aria-label", data.label);
  button.onclick = async () => {
    const link = address(data);
    const done = await copied(link);
    field.hidden = done;
    field.value = link;
    if (done) button.focus();
    else { field.focus(); field.select(); }
    status.textContent = "";
    setTimeout(() => { status.textContent = done ? data.done : data.failed; }, 50);
  };
}
"""

_button = st.components.v2.component("dlfa_copy_link", html=HTML, css=CSS, js=JS)


def public_address() -> str:
    """Return the address under which visitors know this app; empty if it is the page's own.

    ``DLFA_PUBLIC_URL`` if it is set, else on Hugging Face Spaces the Space's page: both pass the
    query on to the app in their iframe, but not the path, so that the page goes into the query.
    """
    named, space = (os.environ.get(name, "").strip() for name in ("DLFA_PUBLIC_URL", "SPACE_ID"))
    if named.startswith(("https://", "http://")):
        return named
    return f"https://huggingface.co/spaces/{space}" if space else ""


def copy_link(*, complete: bool) -> None:
    """Show the button. Its script also tells the browser which language the page speaks.

    Args:
        complete: whether the address says everything that is on the page.
    """
    words = {
        "label": _("ui.link"),
        "done": _("ui.link.copied" if complete else "ui.link.copied.part"),
        "failed": _("ui.link.failed"),
    }
    where = {"base": public_address(), "page": address.here(), "language": spoken()}
    _button(key="copy-link", data=words | where)
