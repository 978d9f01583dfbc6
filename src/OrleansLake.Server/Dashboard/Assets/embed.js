// The component as a page of its own, for a frame: embed#token=...&report=report1&channel=EMAIL&theme=dark
// What follows the # is not sent to servers and stands in no log. A new token comes by a message from the page around:
//   frame.contentWindow.postMessage({ type: 'lake-token', token }, 'https://lake.example')
// and when one is wanted, the page around is told: { type: 'lake-token-expiring', expires }.

import './orleans-lake-report.js'

const given = new URLSearchParams(location.hash.slice(1))
const report = document.createElement('orleans-lake-report')
report.setAttribute('src', document.querySelector('meta[name="lake-api"]').content)
for (const name of ['token', 'report', 'date', 'from', 'to', 'channel', 'user', 'top', 'caption']) {
  if (given.has(name)) report.setAttribute(name, given.get(name))
}
const theme = given.get('theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme

addEventListener('message', event => {
  // Only the page around, which has the token anyway; what a token allows the lake decides.
  if (event.source === parent && event.data?.type === 'lake-token' && typeof event.data.token === 'string') report.renew(event.data.token)
})
report.addEventListener('lake-token-expiring', event => {
  // No secret is in it, and which page stands around is decided by frame-ancestors.
  parent.postMessage({ type: 'lake-token-expiring', expires: event.detail.expires.toISOString() }, '*')
})
document.body.append(report)
