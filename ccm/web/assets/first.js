// The server has drawn the page beside Streamlit's root, which stays empty for seconds on a slow line. What
// it drew is taken away, where one was, once Streamlit has drawn the same page to its end, in our style; or
// some seconds after its end, whatever is missing.
const LONGEST = 3000
const first = document.getElementById("ccm-first")
const root = document.getElementById("root")
const drawn = () => root.querySelector('[data-test-script-state="notRunning"] [data-testid="stMain"] .ccm')
const isOurs = (rule) => rule.styleSheet?.cssRules.length && rule.href.includes("/ccm-")
const dressed = () => [...document.styleSheets].some((sheet) => {
  try { return [...sheet.cssRules].some(isOurs) } catch { return false }
})

function give(way) {
  const main = way.closest('[data-testid="stMain"]')
  const place = first.scrollTop
  root.inert = false
  first.remove()
  main.scrollTop = place
}

if (first && root) {
  // Nobody is led by a key to what cannot be seen yet.
  root.inert = true
  let since = 0
  // A style sheet that comes is no change of the page that could be watched for.
  const wait = setInterval(() => {
    const way = drawn()
    if (!way) return
    since ||= performance.now()
    // The run's end may be known before its last elements stand: a page without its title is not whole.
    const whole = dressed() && root.querySelector(".ccm h1")
    if (!whole && performance.now() - since < LONGEST) return
    clearInterval(wait)
    give(way)
  }, 50)
}

// The way past the head: to the page's title, wherever that stands by then.
document.getElementById("ccm-skip")?.addEventListener("click", (event) => {
  const title = document.querySelector("#ccm-first h1, #root h1")
  if (!title) return
  event.preventDefault()
  title.tabIndex = -1
  title.focus()
})
