// Keeps a text while it is typed. `data.draft` says where: path, assignment, cell, csrf, version of the form.
const WAIT = 2000
const RETRY = 5000
const fields = new WeakMap()

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const field = fields.get(parentElement) ?? begin(parentElement, data)
  field.data = data
  field.send = setStateValue
  parentElement.querySelector("label").textContent = data.label
  parentElement.querySelector(".hint").textContent = data.words.hint
  const area = parentElement.querySelector("textarea")
  area.setAttribute("aria-label", data.label)
  area.maxLength = 10000
  return () => field.stop()
}

function begin(root, data) {
  const area = root.querySelector("textarea")
  const state = root.querySelector(".state")
  const field = { data, timer: 0, dirty: false }
  fields.set(root, field)

  const place = () => `ccm-draft:${field.data.draft.who}:${field.data.draft.assignment}:${field.data.draft.cell}`
  const say = (text, kind) => { state.textContent = text; state.className = `state ${kind ?? ""}` }
  const remember = () => { try { localStorage.setItem(place(), area.value) } catch { /* a private window keeps nothing */ } }
  const forget = () => { try { localStorage.removeItem(place()) } catch { /* as above */ } }

  let left = null
  try { left = localStorage.getItem(place()) } catch { left = null }
  area.value = left ?? data.value
  if (left !== null && left !== data.value) {
    field.dirty = true
    say(data.words.found, "kept")
    field.timer = setTimeout(keep, WAIT)
  }

  async function keep() {
    clearTimeout(field.timer)
    if (!field.dirty) return
    const { draft, words } = field.data
    const sent = area.value
    try {
      const answer = await fetch(draft.path, {
        method: "POST",
        keepalive: true,
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": draft.csrf },
        body: JSON.stringify({ assignment: draft.assignment, cells: { [draft.cell]: sent }, base: draft.base }),
      })
      const told = await answer.json()
      if (!answer.ok) return say(told.message ?? words.lost, "lost")
      if (area.value === sent) {
        field.dirty = false
        forget()
      }
      say(told.message, "kept")
    } catch {
      say(words.lost, "lost")
      field.timer = setTimeout(keep, RETRY)
    }
  }

  area.oninput = () => {
    field.dirty = true
    remember()
    clearTimeout(field.timer)
    field.timer = setTimeout(keep, WAIT)
  }
  area.onblur = () => {
    keep()
    field.send("value", area.value)
  }
  field.stop = () => { keep(); clearTimeout(field.timer) }
  return field
}
