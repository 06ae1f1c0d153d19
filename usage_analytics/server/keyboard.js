// Keys for the dashboard. A key only presses a button or follows a link that is on the page, so a pointer can do all of it too.
// The page's own script is loaded once and stays; the page below it is drawn again and again.
if (!window.usageAnalyticsKeys) {
  window.usageAnalyticsKeys = true

  const PAGES = {
    o: "", m: "models", c: "conversations", a: "apps", r: "auto_reload", b: "background", s: "savings", i: "imports", e: "reports",
    t: "settings",
  }
  const PRESSES = { "/": "search", "?": "shortcuts", f: "filter", "[": "earlier", "]": "later", Escape: "clear-filters" }
  const WAIT = 1500 // milliseconds between g and the letter
  let goUntil = 0

  const button = key => document.querySelector(`.st-key-${key} button:not([disabled])`)

  const follow = page => {
    const links = [...document.querySelectorAll("[data-testid=stSidebarNavLink]")]
    const wanted = links.find(link => new URL(link.href).pathname.split("/").pop() === page)
    if (wanted) wanted.click()
  }

  // What a press opens is drawn a moment later: its first field takes the keys.
  const focusInside = (box, tries = 40) => {
    const field = document.querySelector(`${box} input`)
    if (field) field.focus()
    else if (tries) setTimeout(() => focusInside(box, tries - 1), 50)
  }

  const press = (key, event) => {
    const found = button(key)
    if (!found) return
    event.preventDefault()
    found.click()
    if (key === "filter") focusInside("[data-testid=stPopoverBody]")
  }

  // Streamlit's own keys press the button by themselves, and so does a pointer.
  const searched = event => (event.ctrlKey || event.metaKey) && event.key === "k"
  window.addEventListener("keydown", event => searched(event) && focusInside("[role=dialog]"), { capture: true })
  window.addEventListener("click", event => event.target.closest(".st-key-search") && focusInside("[role=dialog]"))

  const isTyping = target =>
    target.closest("input, textarea, select, [contenteditable=true], [role=textbox], [role=grid], [role=dialog]")

  // A table picks its first cell, as by a click, as soon as it has the focus. Tab passes by; an arrow key goes into the table.
  const PICKS = "[class*=st-key-picks] [data-testid=stDataFrame]"
  let byTab = false
  const passBy = event => {
    byTab = event.key === "Tab"
    const table = event.target.closest(PICKS)
    if (table && byTab) event.stopImmediatePropagation()
    else if (table?.style.outline && event.key.startsWith("Arrow"))
      event.target.dispatchEvent(new FocusEvent("focusin", { bubbles: true }))
  }
  const arrive = event => {
    const table = byTab && event.isTrusted && event.target.closest?.(PICKS)
    if (!table) return
    event.stopImmediatePropagation()
    table.style.outline = "2px solid currentColor"
  }
  window.addEventListener("keydown", passBy, { capture: true })
  window.addEventListener("pointerdown", () => (byTab = false), { capture: true })
  for (const kind of ["focus", "focusin"]) window.addEventListener(kind, arrive, { capture: true })
  window.addEventListener("focusout", event => event.target.closest?.(PICKS)?.style.removeProperty("outline"), { capture: true })

  window.addEventListener(
    "keydown",
    event => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("[role=dialog]")) return
      if (Date.now() < goUntil) {
        goUntil = 0
        if (event.key in PAGES) {
          event.preventDefault()
          event.stopImmediatePropagation() // c and r are keys of Streamlit's own
          follow(PAGES[event.key])
        }
      } else if (event.key === "g") {
        goUntil = Date.now() + WAIT
      } else if (/^[0-9]$/.test(event.key)) {
        const presets = document.querySelectorAll(".st-key-span button")
        presets[(Number(event.key) + 9) % 10]?.click()
      } else if (event.key in PRESSES) {
        press(PRESSES[event.key], event)
      }
    },
    { capture: true },
  )
}
