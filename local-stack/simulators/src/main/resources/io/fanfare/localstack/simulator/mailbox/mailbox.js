// The mailbox: a list that refreshes itself and one opened message. Everything received is put into the page as text;
// mail HTML is shown only in a sandboxed frame.

const list = document.querySelector('#list')
const status = document.querySelector('#status')
const article = document.querySelector('#message')
const filter = document.querySelector('#filter')
const more = document.querySelector('#more')
const REFRESH_MILLIS = 2000
const TELEGRAM_TAGS = new Set(['B', 'STRONG', 'I', 'EM', 'U', 'INS', 'S', 'STRIKE', 'DEL', 'CODE', 'PRE', 'BLOCKQUOTE'])

let chosen = null
let older = null
let pages = 1

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

async function get(path) {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${response.status} ${path}`)
  return response.json()
}

function query(after) {
  const parameters = new URLSearchParams()
  for (const [name, value] of new FormData(filter)) if (value) parameters.set(name, value.trim())
  if (after !== undefined) parameters.set('after', after)
  return '/simulator/messages?' + parameters
}

async function refresh() {
  try {
    const items = []
    let after
    for (let page = 0; page < pages; page++) {
      const answer = await get(query(after))
      items.push(...answer.items)
      after = older = answer.next
      if (after === null) break
    }
    show(items)
    const report = await get('/simulator/report')
    status.textContent = `${report.accepted} taken, ${items.length} listed`
  } catch (error) {
    status.textContent = `The simulator does not answer (${error.message})`
  }
}

function show(items) {
  more.hidden = older === null
  const ids = items.map(item => item.id).join()
  if (list.dataset.ids === ids) return
  list.dataset.ids = ids
  const focused = document.activeElement?.dataset?.id
  list.replaceChildren(...items.map(line))
  if (items.length === 0) list.append(element('li', { className: 'hint' }, element('p', {}, 'No messages yet.')))
  if (focused) list.querySelector(`[data-id="${focused}"]`)?.focus()
}

function line(item) {
  const time = new Date(item.accepted_at).toLocaleTimeString()
  const icon = item.channel === 'email' ? '✉' : '✈'
  const button = element('button', { type: 'button' },
    element('span', { className: 'to' },
      element('span', {}, `${icon} ${item.address}`), element('span', {}, time)),
    element('span', { className: 'subject' }, item.subject || '(no subject)'))
  button.dataset.id = item.id
  button.setAttribute('aria-current', String(item.id === chosen))
  button.setAttribute('aria-label',
    `${item.channel === 'email' ? 'E-mail' : 'Telegram'} to ${item.address}, ${time}: ${item.subject || 'no subject'}`)
  button.addEventListener('click', () => open(item.id))
  return element('li', {}, button)
}

async function open(id) {
  chosen = id
  for (const button of list.querySelectorAll('button')) {
    button.setAttribute('aria-current', String(button.dataset.id === String(id)))
  }
  try {
    const view = await get(`/simulator/messages/${id}`)
    article.replaceChildren(...(view.summary.channel === 'email' ? mail(view) : chat(view)))
  } catch {
    article.replaceChildren(element('p', { className: 'hint' }, 'This message is no longer kept.'))
  }
  article.scrollTop = 0
  if (matchMedia('(max-width: 720px)').matches) article.scrollIntoView()
}

function facts(pairs) {
  return element('dl', {}, ...pairs.filter(([, value]) => value)
    .flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]))
}

function mail(view) {
  const { summary } = view
  const header = name => view.headers.find(each => each.name.toLowerCase() === name)?.value
  const parts = [
    element('h2', {}, summary.subject || '(no subject)'),
    facts([['From', header('from')], ['To', header('to')], ['Delivered to', summary.address],
      ['Envelope from', summary.sender], ['Received', new Date(summary.accepted_at).toLocaleString()], ['Broadcast', summary.marker]])
  ]
  if (view.html !== null) {
    const frame = element('iframe', { title: 'HTML part of the message', src: `/simulator/messages/${summary.id}/html` })
    frame.setAttribute('sandbox', '')
    parts.push(frame)
  }
  if (view.text !== null) {
    parts.push(element('details', { open: view.html === null }, element('summary', {}, 'Plain text'), element('pre', {}, view.text)))
  }
  parts.push(links(view.links))
  if (view.attachments.length > 0) {
    parts.push(element('details', {}, element('summary', {}, `Attachments (${view.attachments.length})`),
      element('ul', {}, ...view.attachments.map(each => element('li', {}, `${each.name} · ${each.type} · ${each.size_bytes} bytes`)))))
  }
  parts.push(element('details', {}, element('summary', {}, 'Headers'), facts(view.headers.map(each => [each.name, each.value]))), raw(summary.id))
  return parts
}

function chat(view) {
  const { summary } = view
  const bubble = element('div', { className: 'bubble' })
  const file = view.media_file
  if (file && file.type.startsWith('image/')) {
    bubble.append(element('img', { className: 'photo', src: file.url, alt: file.name }))
  } else if (file) {
    bubble.append(element('a', { className: 'media', href: file.url, download: file.name }, `📎 ${file.name}`))
  } else if (view.media) {
    bubble.append(element('span', { className: 'media' }, `📎 ${view.media}`))
  }
  if (view.parse_mode === 'HTML') {
    // Parsed into a document that runs nothing, then copied tag by known tag.
    copy(new DOMParser().parseFromString(view.text, 'text/html').body, bubble)
  } else {
    bubble.append(view.text)
  }
  const keyboard = element('div', { className: 'keyboard' }, ...view.buttons.map(row => element('div', {}, ...row.map(button => key(button, summary.id)))))
  return [
    element('h2', {}, `Chat ${summary.address}`),
    facts([['Bot', summary.sender], ['Received', new Date(summary.accepted_at).toLocaleString()], ['Broadcast', summary.marker],
      ['Format', view.parse_mode]]),
    bubble, keyboard, links(view.links), raw(summary.id)
  ]
}

function copy(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      to.append(node.textContent)
    } else if (node.nodeName === 'A') {
      const link = safeLink(node.getAttribute('href') ?? '', '')
      copy(node, link)
      to.append(link)
    } else if (TELEGRAM_TAGS.has(node.nodeName)) {
      const made = document.createElement(node.nodeName)
      copy(node, made)
      to.append(made)
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      copy(node, to)
    }
  }
}

function key(button, id) {
  if (button.url) return safeLink(button.url, button.text)
  if (!button.callback_data) return element('span', {}, button.text)
  const pressed = element('button', { type: 'button', title: `Press as the recipient: ${button.callback_data}` }, button.text)
  pressed.addEventListener('click', async () => {
    const answer = await fetch(`/simulator/messages/${id}/press`,
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ data: button.callback_data }) })
    pressed.textContent = answer.ok ? `✓ ${button.text}` : `✗ ${button.text}`
  })
  return pressed
}

function safeLink(url, text) {
  if (!/^https?:\/\//i.test(url)) return element('span', {}, text)
  return element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text)
}

function links(urls) {
  if (urls.length === 0) return ''
  return element('details', {}, element('summary', {}, `Links (${urls.length})`),
    element('ul', {}, ...urls.map(url => element('li', {}, safeLink(url, url)))))
}

function raw(id) {
  return element('p', {}, element('a', { href: `/simulator/messages/${id}/raw`, target: '_blank' }, 'As received'))
}

function move(step) {
  const buttons = [...list.querySelectorAll('button')]
  if (buttons.length === 0) return
  const now = buttons.findIndex(button => button.dataset.id === String(chosen))
  const next = buttons[Math.min(Math.max(now + step, 0), buttons.length - 1)]
  next.focus()
  next.click()
}

function restart() {
  pages = 1
  refresh()
}

document.addEventListener('keydown', event => {
  if (event.target.matches('input, select') || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'j') move(1)
  if (event.key === 'k') move(-1)
})
filter.addEventListener('input', restart)
filter.addEventListener('submit', event => event.preventDefault())
more.addEventListener('click', () => { pages++; refresh() })
document.querySelector('#forget').addEventListener('click', async () => {
  if (!confirm('Forget every message and every count?')) return
  await fetch('/simulator/messages', { method: 'DELETE' })
  chosen = null
  article.replaceChildren()
  restart()
})
await refresh()
setInterval(() => { if (!document.hidden) refresh() }, REFRESH_MILLIS)
