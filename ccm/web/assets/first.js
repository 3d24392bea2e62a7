// The server has drawn the page beside Streamlit's root, which stays empty for seconds on a slow line. What
// it drew is taken away, where one was, once Streamlit has drawn the same page to its end.
const first = document.getElementById("ccm-first")
const root = document.getElementById("root")

if (first && root) {
  // Nobody is led by a key to what cannot be seen yet.
  root.inert = true
  const watch = new MutationObserver(() => {
    const stands = root.querySelector('[data-test-script-state="notRunning"] [data-testid="stMain"] .ccm')
    if (!stands) return
    watch.disconnect()
    const main = stands.closest('[data-testid="stMain"]')
    const place = first.scrollTop
    root.inert = false
    first.remove()
    main.scrollTop = place
  })
  watch.observe(root, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-test-script-state"],
  })
}
