// How wide the window is: a session begins with this cookie, and its tables show the columns that fit.
const saveWidth = () => (document.cookie = `screen=${Math.round(window.innerWidth)}; path=/; SameSite=Strict`)
saveWidth()
window.addEventListener("resize", saveWidth)
