// <orleans-lake-report src="https://lake.example/" token="..." report="report1" channel="EMAIL">: a report that moves, in
// any page. Load it once, from the lake:  <script type="module" src="https://lake.example/dashboard/orleans-lake-report.js">
//
//   src        the lake's address
//   token      an embed token, or a key that may read
//   token-url  where a new token can be fetched, as text or as JSON {"token": "..."}, with the page's own credentials: asked
//              when there is none, shortly before one expires, when the lake refuses one, and after a failure again. The
//              property `tokenSource`, an async function, does the same in code.
//   report     report1 (channels by event) or report2 (the most active users)
//   date, from, to, channel, user, top    what is wanted; several channels or users with commas between
//   caption    a title of one's own
//
// Another name, such as "chanel", is reported at its foot, in the console and by lake-error: a filter that is misspelt is none.
//
// Its status is shown as text at its foot, by the attribute data-phase, and by events, which all bubble:
//
//   data-phase     connecting, live, polling (read every few seconds, where streams are unavailable), paused (the page is
//                  hidden), away (the lake does not answer), offline, refused (by the lake), no-token, misconfigured
//   lake-live      detail {phase}: figures are current
//   lake-stale     detail {phase, code, message, status}: they are not, or not any more
//   lake-error     detail {phase, code, message, status, setting}: something is wrong, also while figures are current;
//                  `setting` is the attribute, if it is one. All but that it tries again by itself, later each time
//   lake-token-expiring    detail {expires}
//   lake-change    detail {position}: other figures
//
// Its looks: the custom properties --lake-ink, --lake-muted, --lake-line, --lake-accent, --lake-heat, --lake-heat-none,
// --lake-radius, its font and color-scheme are the page's own; ::part(table), ::part(standing).

import { unknownNames } from './attribute-names.js'
import { LakeFeed } from './feed.js'
import * as format from './format.js'
import { WrongSetting, readAddress, readQuery } from './report-query.js'
import { PivotView, UsersView } from './report-view.js'
import { sheetOf, tableStyles, tableTokens } from './table-styles.js'
import { TokenKeeper } from './token-keeper.js'
import { lockOf } from './token.js'
import { Trouble, phaseWords } from './trouble.js'

const hostStyles = `
:host { ${tableTokens} display: block; container-type: inline-size; color: var(--lake-ink); line-height: 1.4; }
:host([hidden]) { display: none; }
.standing { overflow-wrap: anywhere; font-size: .75em; color: var(--lake-muted); padding-top: .6em; }
.standing b { font-weight: 600; color: light-dark(#1b7f4b, #58c98d); margin-inline-end: .25em; }
.standing b::before { content: '● '; content: '● ' / ''; font-size: .75em; vertical-align: .1em; }
:host([data-phase]:not([data-phase='live'], [data-phase='polling'])) .figures { --lake-ink: var(--lake-muted); --lake-heat: var(--lake-heat-none); color: var(--lake-muted); filter: grayscale(1); }
.standing.wrong {
  background: light-dark(#b01436, #ff9cab); color: light-dark(#fff, #22090e); padding: .5em .8em; border-radius: 6px; margin-top: .6em; font-weight: 600; font-size: .8125em;
}
.standing.wrong b, :host(:not([data-phase='live'], [data-phase='polling'])) .standing b { color: inherit; }
`

const isCurrent = phase => phase === 'live' || phase === 'polling'

export class OrleansLakeReport extends HTMLElement {
  static observedAttributes = ['src', 'token', 'token-url', 'report', 'date', 'from', 'to', 'channel', 'user', 'top', 'caption']

  /** @type {(() => Promise<string>) | null} */
  #tokenSource = null
  #root
  #figures
  #standing
  #said
  #why
  #clock
  #view = null
  #query = null
  #api = null
  #feed = null
  #keeper = null
  #frame = 0
  #isRestarting = false
  #told = ''
  #unknown = ''
  #onToken = () => this.#tokenCame()
  #onTrouble = () => this.#say()
  #onExpiring = event => this.#tell('lake-token-expiring', { expires: event.detail })

  constructor() {
    super()
    this.#root = this.attachShadow({ mode: 'open' })
    this.#root.adoptedStyleSheets = [sheetOf(hostStyles), sheetOf(tableStyles)]
    this.#figures = document.createElement('div')
    this.#figures.className = 'figures'
    this.#standing = document.createElement('div')
    this.#standing.part = 'standing'
    this.#said = document.createElement('b')
    this.#why = document.createElement('span')
    this.#clock = document.createElement('span')
    // The time moves without being said again and again.
    const status = document.createElement('span')
    status.setAttribute('role', 'status')
    status.append(this.#said, ' ', this.#why)
    this.#standing.append(status, ' ', this.#clock)
    this.#root.append(this.#figures, this.#standing)
  }

  connectedCallback() {
    // It may have been set before this class was there.
    if (Object.hasOwn(this, 'tokenSource')) {
      this.#tokenSource = this.tokenSource
      delete this.tokenSource
    }
    this.#begin()
  }

  disconnectedCallback() {
    this.#end()
  }

  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || before === after) return
    if (name === 'token' && this.#keeper && after) {
      this.renew(after)
      return
    }
    if (name === 'caption') {
      this.#changed()
      return
    }
    this.#restart()
  }

  // Several attributes that are set in one go are one change.
  #restart() {
    if (this.#isRestarting || !this.isConnected) return
    this.#isRestarting = true
    queueMicrotask(() => {
      this.#isRestarting = false
      if (this.isConnected) this.#begin()
    })
  }

  /** An async function that gives a token. */
  get tokenSource() {
    return this.#tokenSource
  }

  set tokenSource(source) {
    this.#tokenSource = source
    this.#restart()
  }

  /** What is shown is true as of this position; null before the first figures. */
  get position() {
    return this.#feed?.position ?? null
  }

  /** Continues with another token. What is shown stays, and moves on from where it is. */
  renew(token) {
    if (!this.#keeper) {
      this.setAttribute('token', token)
    } else if (this.#keeper.isShared) {
      // Others continue with theirs.
      this.#keep(new TokenKeeper(this.#source(), token))
      this.#tokenCame()
    } else {
      this.#keeper.take(token)
    }
  }

  #begin() {
    this.#end()
    // Figures of another question must not look like an answer to this one.
    this.#figures.replaceChildren()
    this.#lookAtNames()
    try {
      this.#api = readAddress(this.getAttribute('src'))
      this.#query = readQuery(name => this.getAttribute(name))
      if (this.hasAttribute('token-url')) this.#tokenUrl()
    } catch (error) {
      if (!(error instanceof WrongSetting)) throw error
      this.#stand('misconfigured', new Trouble('misconfigured', 'wrong-setting', error.message, { setting: error.setting }))
      return
    }
    this.#view = this.#query.report === 'report2' ? new UsersView(this.#figures) : new PivotView(this.#figures)
    const token = this.getAttribute('token') || null
    const source = this.#source()
    this.#keep(source && !token && !this.#tokenSource ? TokenKeeper.at(this.#tokenUrl()) : new TokenKeeper(source, token))
    if (this.#keeper.token || !source) this.#tokenCame()
    else this.#say()
  }

  // What a misspelt filter shows is right, but not what was asked for.
  #lookAtNames() {
    const unknown = unknownNames(this.getAttributeNames(), OrleansLakeReport.observedAttributes)
    const said = unknown.map(({ name, meant }) => `${name} is not an attribute of this component${meant ? `; ${meant} is` : ''}.`).join(' ')
    if (said === this.#unknown) return
    this.#unknown = said
    if (!said) return
    console.warn(`<orleans-lake-report>: ${said}`)
    this.#tell('lake-error', { phase: this.dataset.phase ?? 'connecting', code: 'unknown-attribute', message: said, setting: unknown[0].name })
  }

  #source() {
    if (this.#tokenSource) return () => this.#tokenSource()
    const url = this.hasAttribute('token-url') ? this.#tokenUrl() : null
    return url && (() => TokenKeeper.fetch(url))
  }

  #tokenUrl() {
    try {
      return new URL(this.getAttribute('token-url'), document.baseURI)
    } catch {
      throw new WrongSetting('token-url', `token-url="${this.getAttribute('token-url')}" is not an address.`)
    }
  }

  #keep(keeper) {
    this.#leaveKeeper()
    this.#keeper = keeper
    keeper.addEventListener('token', this.#onToken)
    keeper.addEventListener('trouble', this.#onTrouble)
    keeper.addEventListener('expiring', this.#onExpiring)
    keeper.start()
  }

  #leaveKeeper() {
    this.#keeper?.removeEventListener('token', this.#onToken)
    this.#keeper?.removeEventListener('trouble', this.#onTrouble)
    this.#keeper?.removeEventListener('expiring', this.#onExpiring)
    this.#keeper?.stop()
    this.#keeper = null
  }

  #tokenCame() {
    if (this.#feed) {
      this.#feed.renew(this.#keeper.token)
      this.#say()
      return
    }
    this.#feed = new LakeFeed(this.#api, { queries: [this.#query], status: false }, this.#keeper.token)
    this.#feed.addEventListener('change', () => this.#changed())
    this.#feed.addEventListener('phase', () => this.#phaseChanged())
    this.#feed.start()
    this.#say()
  }

  #phaseChanged() {
    const { phase, trouble } = this.#feed
    if (phase === 'refused' && trouble.status === 401 && !this.#keeper.token && !this.#source()) {
      // What the lake says is for programs that send a key; here an attribute is missing.
      const said = 'The lake asks for a token, and there is none: set token-url (or token) on the component, or token=... after the # of a frame.'
      this.#feed.trouble = new Trouble(phase, 'token-missing', said, { status: trouble.status, setting: 'token-url' })
    }
    if (isCurrent(phase)) this.#keeper.accept()
    else if (phase === 'refused' && trouble.status === 401) this.#keeper.refuse(trouble)
    this.#say()
  }

  #end() {
    this.#feed?.stop()
    this.#feed = null
    this.#leaveKeeper()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  #changed() {
    this.#frame ||= requestAnimationFrame(() => this.#show())
  }

  #show() {
    this.#frame = 0
    const table = this.#feed?.tables.get(this.#query.report)
    if (!table) return
    const { position } = this.#feed
    this.#view.show(table, { ...this.#query, channels: this.#query.channels && new Set(this.#query.channels) }, position)
    const caption = this.getAttribute('caption')
    if (caption && this.#view.caption) this.#view.caption.textContent = caption
    this.#say()
    this.#tell('lake-change', { position })
  }

  /** Shows its status: the feed's phase, or why there is no token for one. */
  #say() {
    const phase = this.#feed?.phase ?? 'connecting'
    const trouble = this.#feed?.trouble ?? null
    const missing = this.#keeper?.trouble ?? null
    // Without a token, or with one that the lake refuses, that is what is wrong.
    if (missing && (!this.#feed || phase === 'refused' || phase === 'connecting' || (phase === 'away' && !trouble))) this.#stand(missing.phase, missing)
    else this.#stand(phase, trouble ?? (isCurrent(phase) ? missing : null))
  }

  #stand(phase, trouble) {
    this.dataset.phase = phase
    this.#standing.className = trouble && !isCurrent(phase) && phase !== 'paused' ? 'standing wrong' : 'standing'
    const word = trouble?.phase === phase ? trouble.word : phaseWords[phase]
    if (this.#said.textContent !== word) this.#said.textContent = word
    const why = this.#reason(phase, trouble)
    if (this.#why.textContent !== why) this.#why.textContent = why
    const time = this.#feed?.time
    const clock = !time || phase === 'misconfigured' ? '' : isCurrent(phase) ? `As of ${format.clock(time)}.` : `These figures are from ${format.clock(time)}.`
    if (this.#clock.textContent !== clock) this.#clock.textContent = clock

    const detail = trouble && { phase, code: trouble.code, message: trouble.message, status: trouble.status, setting: trouble.setting }
    const told = JSON.stringify([phase, trouble?.code, trouble?.message])
    if (told === this.#told) return
    const before = this.#told === '' ? null : JSON.parse(this.#told)[0]
    this.#told = told
    if (isCurrent(phase)) {
      if (phase !== before) this.#tell('lake-live', { phase })
    } else if (phase !== 'connecting') {
      this.#tell('lake-stale', { code: phase, message: word, ...detail, phase })
    }
    if (detail) this.#tell('lake-error', detail)
  }

  #reason(phase, trouble) {
    if (isCurrent(phase)) {
      return [phase === 'polling' && 'This browser has no connection left for a stream.', this.#narrowed(), this.#unknown, trouble?.message].filter(Boolean).join(' ')
    }
    const again = trouble && phase !== 'misconfigured' && !(phase === 'refused' && trouble === this.#feed?.trouble) && 'Trying again.'
    return [trouble?.message, again, this.#unknown].filter(Boolean).join(' ')
  }

  /** What was asked for and is not allowed by the token. */
  #narrowed() {
    const lock = this.#keeper?.token ? lockOf(this.#keeper.token, this.#query.report) : null
    if (!lock) return ''
    const { channels, users, from, to, top } = this.#query
    const beyond = (name, wanted, open) => {
      const closed = open ? (wanted ?? []).map(String).filter(value => !open.includes(value)) : []
      return closed.length > 0 && `${name} ${closed.join(', ')}`
    }
    const parts = [
      beyond('channel', channels, lock.channel),
      beyond('user', users, lock.user),
      from && lock.from && from < lock.from && `dates before ${lock.from}`,
      to && lock.to && to > lock.to && `dates after ${lock.to}`,
      this.hasAttribute('top') && top > lock.top && `more than ${lock.top}`,
    ].filter(Boolean)
    return parts.length > 0 ? `Not allowed by the token: ${parts.join('; ')}.` : ''
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }))
  }
}

if (!customElements.get('orleans-lake-report')) customElements.define('orleans-lake-report', OrleansLakeReport)
