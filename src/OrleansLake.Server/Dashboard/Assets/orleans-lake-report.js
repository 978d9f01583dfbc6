// <orleans-lake-report src="https://lake.example/" token="..." report="report1" channel="EMAIL">: a report that moves, in
// any page. Load it once, from the lake:  <script type="module" src="https://lake.example/dashboard/orleans-lake-report.js">
//
//   src        the lake's address
//   token      an embed token, or a key that may read
//   token-url  where a new token is to be had, as text, with the page's own credentials: asked when there is none, and
//              shortly before one expires. The property `tokenSource`, an async function, does the same in code.
//   report     report1 (channels by event) or report2 (the most active users)
//   date, from, to, channel, user, top    what is wanted; several channels or users with commas between
//   caption    a title of one's own
//
// Events: lake-live, lake-stale (detail: the phase and, if refused, why), lake-token-expiring (detail.expires), lake-change
// (detail.position). All bubble. Its looks: the custom properties --lake-ink, --lake-muted, --lake-line, --lake-accent,
// --lake-heat, --lake-heat-none, --lake-radius, its font and color-scheme are the page's own; ::part(table), ::part(standing).

import { LakeFeed } from './feed.js'
import * as format from './format.js'
import { PivotView, UsersView } from './report-view.js'
import { streamAddress } from './stream-address.js'
import { sheetOf, tableStyles, tableTokens } from './table-styles.js'

const RENEW_MS_BEFORE = 30_000
const RENEW_MS_MAX = 60_000 // between two attempts to get a token
const TIMEOUT_MS_MAX = 2 ** 31 - 1 // what setTimeout can hold
const TOP_DEFAULT = 10

const hostStyles = `
:host { ${tableTokens} display: block; container-type: inline-size; color: var(--lake-ink); line-height: 1.4; }
:host([hidden]) { display: none; }
.standing { display: flex; gap: .5em; align-items: baseline; font-size: .75em; color: var(--lake-muted); padding-top: .6em; }
.standing b { font-weight: 600; color: light-dark(#1b7f4b, #58c98d); }
.standing b::before { content: '● '; font-size: .75em; vertical-align: .1em; }
:host([data-phase]:not([data-phase='live'])) .figures { opacity: .5; filter: grayscale(1); }
:host([data-phase='away']) .standing, :host([data-phase='refused']) .standing {
  background: light-dark(#b01436, #ff9cab); color: light-dark(#fff, #22090e); padding: .5em .8em; border-radius: 6px; margin-top: .6em; font-weight: 600; font-size: .8125em;
}
:host([data-phase='away']) .standing b, :host([data-phase='refused']) .standing b { color: inherit; }
:host([data-phase='paused']) .standing b, :host([data-phase='connecting']) .standing b { color: inherit; }
`

const words = { connecting: 'Connecting', live: 'Live', away: 'Not live', paused: 'Paused', refused: 'Not allowed' }

/** One stream serves all elements of a page that ask the same with the same token. */
const feeds = new Map()

function join(address, token) {
  const key = `${address}\n${token}`
  let entry = feeds.get(key)
  if (entry === undefined) feeds.set(key, (entry = { feed: new LakeFeed(address, token), key, users: 0 }))
  entry.users++
  if (entry.users === 1) entry.feed.start()
  return entry
}

function leave(entry) {
  if (--entry.users > 0) return
  entry.feed.stop()
  if (feeds.get(entry.key) === entry) feeds.delete(entry.key)
}

/** The time at which a token expires, in ms; null if it does not say. A token's own text is enough: the lake decides. */
function expiryOf(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')
    const seconds = JSON.parse(atob(payload)).exp
    return typeof seconds === 'number' ? seconds * 1000 : null
  } catch {
    return null
  }
}

export class OrleansLakeReport extends HTMLElement {
  static observedAttributes = ['src', 'token', 'token-url', 'report', 'date', 'from', 'to', 'channel', 'user', 'top', 'caption']

  /** @type {(() => Promise<string>) | null} */
  tokenSource = null

  #root
  #figures
  #standing
  #said
  #view = null
  #entry = null
  #token = null
  #frame = 0
  #renewal = 0
  #restart = 0
  #renewing = false
  #onChange = () => (this.#frame ||= requestAnimationFrame(() => this.#show()))
  #onPhase = () => this.#phaseChanged()

  constructor() {
    super()
    this.#root = this.attachShadow({ mode: 'open' })
    this.#root.adoptedStyleSheets = [sheetOf(hostStyles), sheetOf(tableStyles)]
    this.#figures = document.createElement('div')
    this.#figures.className = 'figures'
    this.#standing = document.createElement('div')
    this.#standing.className = 'standing'
    this.#standing.part = 'standing'
    this.#standing.setAttribute('role', 'status')
    this.#said = document.createElement('b')
    this.#standing.append(this.#said, document.createElement('span'))
    this.#root.append(this.#figures, this.#standing)
  }

  connectedCallback() {
    this.#token = this.getAttribute('token')
    this.#begin()
  }

  disconnectedCallback() {
    this.#end()
  }

  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || before === after) return
    if (name === 'token') {
      if (after) this.renew(after)
      return
    }
    // Several attributes that are set in one go are one change.
    this.#restart ||= queueMicrotask(() => {
      this.#restart = 0
      if (this.isConnected) this.#begin()
    }) ?? 1
  }

  /** What is shown is true as of this position; null before the first figures. */
  get position() {
    return this.#entry?.feed.position ?? null
  }

  /** Goes on with another token. What is shown stays, and moves on from where it is. */
  renew(token) {
    if (token === this.#token) return
    this.#token = token
    this.#scheduleRenewal()
    if (!this.#entry) {
      this.#begin()
      return
    }
    // Others may use the old stream: it is theirs from now on, unless there are none.
    if (this.#entry.users === 1) {
      feeds.delete(this.#entry.key)
      this.#entry.key = `${this.#address()}\n${token}`
      feeds.set(this.#entry.key, this.#entry)
      this.#entry.feed.renew(token)
    } else {
      this.#follow(join(this.#address(), token))
    }
  }

  #begin() {
    this.#end()
    this.#view = this.getAttribute('report') === 'report2' ? new UsersView(this.#figures) : new PivotView(this.#figures)
    if (!this.#token && (this.tokenSource || this.hasAttribute('token-url'))) {
      this.#fetchToken()
      return
    }
    this.#scheduleRenewal()
    this.#follow(join(this.#address(), this.#token))
  }

  #follow(entry) {
    this.#leave()
    this.#entry = entry
    entry.feed.addEventListener('change', this.#onChange)
    entry.feed.addEventListener('phase', this.#onPhase)
    this.#phaseChanged()
    if (entry.feed.position) this.#onChange()
  }

  #leave() {
    if (!this.#entry) return
    this.#entry.feed.removeEventListener('change', this.#onChange)
    this.#entry.feed.removeEventListener('phase', this.#onPhase)
    leave(this.#entry)
    this.#entry = null
  }

  #end() {
    this.#leave()
    clearTimeout(this.#renewal)
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  #address() {
    const list = name => this.getAttribute(name)?.split(',').map(text => text.trim()).filter(text => text !== '') ?? []
    const report = this.getAttribute('report') || 'report1'
    const date = this.getAttribute('date')
    const top = Number(this.getAttribute('top'))
    return streamAddress(new URL(this.getAttribute('src') || '.', document.baseURI), [{
      report,
      from: date ?? this.getAttribute('from'),
      to: date ?? this.getAttribute('to'),
      channels: list('channel'),
      users: list('user'),
      top: top > 0 ? top : report === 'report2' ? TOP_DEFAULT : undefined,
    }])
  }

  #show() {
    this.#frame = 0
    const feed = this.#entry?.feed
    const table = feed?.tables.get(this.getAttribute('report') || 'report1')
    if (!table) return
    const position = feed.position
    if (this.#view instanceof UsersView) this.#view.show(table, { top: Infinity }, position)
    else this.#view.show(table, {}, position)
    const caption = this.getAttribute('caption')
    if (caption && this.#view.caption) this.#view.caption.textContent = caption
    this.#said.textContent = words[feed.phase]
    if (feed.phase === 'live') this.#standing.lastChild.textContent = `as of ${format.clock(feed.time)}`
    this.dispatchEvent(new CustomEvent('lake-change', { bubbles: true, composed: true, detail: { position } }))
  }

  #phaseChanged() {
    const feed = this.#entry.feed
    this.dataset.phase = feed.phase
    this.#said.textContent = words[feed.phase]
    const text = this.#standing.lastChild
    if (feed.phase === 'refused') text.textContent = feed.refusal.detail || feed.refusal.title
    else if (feed.phase === 'away') text.textContent = `These figures are from ${format.clock(feed.time)}. Trying again.`
    else if (feed.phase === 'live' && feed.time) text.textContent = `as of ${format.clock(feed.time)}`
    else text.textContent = ''
    if (feed.phase === 'live') this.dispatchEvent(new CustomEvent('lake-live', { bubbles: true, composed: true }))
    else if (feed.phase !== 'connecting') this.dispatchEvent(new CustomEvent('lake-stale', { bubbles: true, composed: true, detail: { phase: feed.phase, refusal: feed.refusal } }))
    if (feed.phase === 'refused' && feed.refusal.status === 401) this.#fetchToken()
  }

  #scheduleRenewal() {
    clearTimeout(this.#renewal)
    const expires = this.#token ? expiryOf(this.#token) : null
    if (expires === null) return
    const left = expires - Date.now()
    // Half the time that is left, when it is short: a token of ten seconds is renewed after five.
    const wait = Math.max(0, left - Math.min(RENEW_MS_BEFORE, left / 2))
    this.#renewal = setTimeout(() => {
      this.dispatchEvent(new CustomEvent('lake-token-expiring', { bubbles: true, composed: true, detail: { expires: new Date(expires) } }))
      this.#fetchToken()
    }, Math.min(wait, TIMEOUT_MS_MAX))
  }

  async #fetchToken(attempt = 0) {
    const url = this.getAttribute('token-url')
    if (this.#renewing || !(this.tokenSource || url)) return
    this.#renewing = true
    let token = null
    try {
      if (this.tokenSource) token = await this.tokenSource()
      else {
        const response = await fetch(new URL(url, document.baseURI), { credentials: 'same-origin', cache: 'no-store' })
        if (response.ok) token = (await response.text()).trim()
      }
    } catch {
      // As when the answer is no token: it is asked again.
    }
    this.#renewing = false
    if (!this.isConnected) return
    if (token && token !== this.#token) {
      this.renew(token)
      return
    }
    clearTimeout(this.#renewal)
    this.#renewal = setTimeout(() => this.#fetchToken(attempt + 1), Math.min(RENEW_MS_MAX, 1000 * 2 ** attempt))
  }
}

if (!customElements.get('orleans-lake-report')) customElements.define('orleans-lake-report', OrleansLakeReport)
