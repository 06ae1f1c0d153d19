// How wide the window is: a session begins with this cookie, and its tables show the columns that fit.
const saveWidth = () => (document.cookie = `screen=${Math.round(window.innerWidth)}; path=/; SameSite=Strict`)
saveWidth()
window.addEventListener("resize", saveWidth)

// For paper: a sheet as wide as the page is on the screen, which a printer makes smaller. So charts and tables keep their size, and
// nothing is cut. A dark page is printed light.
const sheet = document.createElement("style")
document.head.append(sheet)
window.addEventListener("beforeprint", () => {
  const page = document.querySelector("[data-testid=stMainBlockContainer]")
  const app = document.querySelector("[data-testid=stApp]")
  if (!page || !app) return
  const { paddingLeft, paddingRight } = getComputedStyle(page)
  const width = page.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)
  const margin = width / 16
  sheet.textContent = `@page { size: ${width + 2 * margin}px ${(width + 2 * margin) * Math.SQRT2}px; margin: ${margin}px }`
  const [red, green, blue] = getComputedStyle(app).backgroundColor.match(/\d+/g).map(Number)
  document.documentElement.classList.toggle("printed-dark", red + green + blue < 384)
})
