// Keeps a text while it is typed: on the server two seconds after the last key, in this browser until the
// server has answered. `data.draft` says where: path, assignment, cell, csrf, who, base; `known` is the text
// that the server held when the page was drawn.
const WAIT = 2000
const RETRY = 5000
const REMEMBERED = 5
const LARGEST_LAST_REQUEST = 60000
const fields = new WeakMap()
// By place: the line of the present field, and what was last said there of which text. A page that is drawn anew
// may replace a field whose text is on its way: the answer is then said in its successor's line.
const lines = new Map()

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const field = fields.get(parentElement) ?? begin(parentElement, data, setStateValue)
  field.data = data
  field.tell = setStateValue
  parentElement.querySelector("label").textContent = data.label
  parentElement.querySelector(".hint").textContent = data.words.hint
  document.addEventListener("visibilitychange", field.leave)
  return () => field.stop()
}

function begin(root, data, tell) {
  const area = root.querySelector("textarea")
  const state = root.querySelector(".state")
  // `seen`: the texts that this window knows the server to hold, or may have brought there. To write over
  // nothing loses nothing.
  const field = { data, tell, timer: 0, dirty: false, sending: null, left: false, seen: ["", data.value] }
  fields.set(root, field)

  const place = () => `ccm-draft:${field.data.draft.who}:${field.data.draft.assignment}:${field.data.draft.cell}`
  const say = (text, kind) => {
    const { line } = lines.get(place())
    line.textContent = text
    line.className = `state ${kind}`
    lines.set(place(), { line, text, kind, of: area.value })
  }
  // A private window keeps nothing: the server still does.
  const remember = () => { try { localStorage.setItem(place(), JSON.stringify({ text: area.value, seen: field.seen })) } catch { } }
  const forget = () => { try { localStorage.removeItem(place()) } catch { } }
  const recall = () => { try { return JSON.parse(localStorage.getItem(place())) } catch { return null } }
  const tellAll = () => field.tell("value", { text: area.value, seen: [...field.seen, field.sending ?? ""] })
  const later = (wait) => { clearTimeout(field.timer); field.timer = setTimeout(keep, wait) }

  const left = recall(), known = data.draft.known, before = lines.get(place())
  area.value = data.value
  lines.set(place(), { ...before, line: state })
  if (left && typeof left.text === "string" && left.text !== known) {
    const seen = Array.isArray(left.seen) ? left.seen : []
    const mine = known === "" || seen.includes(known)
    area.value = mine ? left.text : `${known}\n\n${left.text}`
    field.seen = ["", known]
    field.dirty = true
    remember()
    say(mine ? data.words.found : data.words.both, "kept")
    setTimeout(tellAll, 0)
    later(WAIT)
  } else {
    forget()
    if (before?.text && data.value !== "" && before.of === data.value) say(before.text, before.kind)
  }

  async function keep() {
    clearTimeout(field.timer)
    if (!field.dirty || field.sending !== null) return
    const { draft, words } = field.data
    const sent = area.value
    const body = JSON.stringify({
      assignment: draft.assignment, cells: { [draft.cell]: sent }, base: draft.base, seen: { [draft.cell]: field.seen },
    })
    field.sending = sent
    try {
      const answer = await fetch(draft.path, {
        method: "POST",
        // Lets it arrive although the page is left; browsers refuse this to large ones.
        keepalive: body.length < LARGEST_LAST_REQUEST / 3,
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": draft.csrf },
        body,
      })
      const told = await answer.json()
      if (!answer.ok) return say(told.message, "lost")
      field.seen = ["", sent]
      field.dirty = area.value !== sent
      if (field.dirty) { remember(); later(WAIT) } else forget()
      say(told.message, "kept")
      // The page was drawn while this was on its way: it does not know of the draft yet.
      if (field.left && draft.known === "") tellAll()
    } catch {
      // It may have arrived all the same, its answer lost.
      field.seen = [...field.seen.filter((text) => text !== sent), sent].slice(-REMEMBERED)
      remember()
      say(words.lost, "lost")
      later(RETRY)
    } finally {
      field.sending = null
    }
  }

  field.leave = () => { if (document.visibilityState === "hidden") keep() }
  area.oninput = () => { field.dirty = true; remember(); later(WAIT) }
  area.onfocus = () => { field.left = false }
  area.onblur = () => { field.left = true; keep(); tellAll() }
  field.stop = () => { document.removeEventListener("visibilitychange", field.leave); keep() }
  // Until now a key would have been lost.
  area.disabled = false
  return field
}
