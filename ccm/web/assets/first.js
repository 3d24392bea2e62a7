// The server has drawn the page beside Streamlit's root, which stays empty for seconds on a slow line. What
// it drew is taken away, where one was, once Streamlit has drawn the same page to its end; or some seconds
// after its end, whatever is missing.
const LONGEST = 3000
const first = document.getElementById("ccm-first")
const root = document.getElementById("root")
const drawn = () => root.querySelector('[data-test-script-state="notRunning"] [data-testid="stMain"] .ccm')

function give(way) {
  const main = way.closest('[data-testid="stMain"]')
  const place = first.scrollTop
  const held = first.contains(document.activeElement) && document.activeElement.href
  const leading = (part) => [...part.querySelectorAll("a[href]")].filter((link) => link.href === held)
  const nth = held ? leading(first).indexOf(document.activeElement) : -1
  root.inert = false
  first.remove()
  main.scrollTop = place
  // Whoever is led by keys goes on from the same link.
  leading(root)[nth]?.focus({ preventScroll: true })
}

// What Streamlit needs comes once the drawing is seen, which its sixty files would hold up; a window behind
// another paints nothing.
const later = document.getElementById("ccm-later")
const begin = () => document.body.append(later.content)
setTimeout(begin, document.hidden ? 0 : LONGEST)
new PerformanceObserver(begin).observe({ type: "paint", buffered: true })

// Where its server is, Streamlit else looks for: two or four waits, the longer the deeper the page's path is.
window.__streamlit = {
  BACKEND_BASE_URL: location.origin,
  HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false },
}

// What the page draws with comes while its socket is opened and asked, once Streamlit itself is there.
const soon = document.getElementById("ccm-soon")
const named = (later.content.querySelector("script") ?? document.querySelector("script[crossorigin]")).getAttribute("src")
const program = new URL(named, document.baseURI).href
new PerformanceObserver((list) => {
  if (list.getEntriesByName(program).length) document.body.append(soon.content)
}).observe({ type: "resource", buffered: true })

if (first && root) {
  // Nobody is led by a key to what cannot be seen yet.
  root.inert = true
  const isRead = first.querySelector(".ccm-first-parts > div")
  let since = 0
  const wait = setInterval(() => {
    const way = drawn()
    if (!way) return
    since ||= performance.now()
    // The run's end may be known before its last elements stand: a page is not whole without its title; nor, for
    // whoever reads its drawing, while a control's own program is on its way and something grey keeps its place.
    const whole = root.querySelector(".ccm h1") && !(isRead && root.querySelector('[data-testid="stSkeleton"]'))
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
