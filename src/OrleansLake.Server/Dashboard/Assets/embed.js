// The component as a page of its own, for a frame: embed.html#token=...&report=report1&channel=EMAIL&theme=dark
// What follows the # is not sent to servers and is in no log. A new token comes by a message from the page around:
//   frame.contentWindow.postMessage({ type: 'lake-token', token }, 'https://lake.example')
// and the page around is notified when one is wanted, { type: 'lake-token-expiring', expires }, its status,
// { type: 'lake-live' | 'lake-stale', phase }, and what is wrong, { type: 'lake-error', phase, code, message, setting }.

import './orleans-lake-report.js'

const names = ['token', 'report', 'date', 'from', 'to', 'channel', 'user', 'top', 'caption']
const lists = ['channel', 'user']
const place = document.getElementById('report')
const report = document.createElement('orleans-lake-report')
report.setAttribute('src', document.querySelector('meta[name="lake-api"]').content)

/** What cannot be taken of the address, in words; null if all of it can. */
function problemOf(given) {
  if (location.search) return 'What the frame shows is given after # in its address, not after ?, where logs would have it.'
  for (const name of given.keys()) {
    if (name !== 'theme' && !names.includes(name)) return `${name} is not a parameter of the frame; there are ${[...names, 'theme'].join(', ')}.`
    if (given.getAll(name).length > 1 && !lists.includes(name)) return `${name} occurs ${given.getAll(name).length} times, but can occur once.`
  }
  const theme = given.get('theme')
  return theme === null || theme === 'light' || theme === 'dark' ? null : `theme=${theme} is neither light nor dark.`
}

function show() {
  const given = new URLSearchParams(location.hash.slice(1))
  const problem = problemOf(given)
  if (problem) {
    const said = Object.assign(document.createElement('p'), { className: 'problem', textContent: problem })
    said.setAttribute('role', 'alert')
    place.replaceChildren(said)
    tell('lake-error', { phase: 'misconfigured', code: 'wrong-setting', message: problem })
    return
  }
  const theme = given.get('theme')
  if (theme) document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
  for (const name of names) {
    if (given.has(name)) report.setAttribute(name, given.getAll(name).join(','))
    else report.removeAttribute(name)
  }
  if (!report.isConnected) place.replaceChildren(report)
}

// No secret is in it, and which page is around is decided by frame-ancestors.
const tell = (type, detail) => parent !== window && parent.postMessage({ type, ...detail }, '*')

addEventListener('message', event => {
  // Only the page around, which has the token anyway; what a token allows the lake decides.
  if (event.source === parent && event.data?.type === 'lake-token' && typeof event.data.token === 'string') report.renew(event.data.token)
})
report.addEventListener('lake-token-expiring', event => tell('lake-token-expiring', { expires: event.detail.expires.toISOString() }))
for (const type of ['lake-live', 'lake-stale', 'lake-error']) report.addEventListener(type, event => tell(type, event.detail))
addEventListener('hashchange', show)
show()
