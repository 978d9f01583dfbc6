// Follows a lake. Between two versions that are complete nothing is shown, so a reader of `tables` sees one position, and
// all of a message's effects or none. Its connection it shares with all that may see the same: see stream-group.js.
//
// It is in one of these phases; `trouble` says why, in words, where it is not live:
//   connecting  no figures yet, and nothing wrong
//   live        the stream is open and something came lately
//   polling     figures are read every few seconds: this browser's connections to the lake are in use
//   away        the server does not answer, and is asked again: figures, if there are some, are old
//   offline     the same, and the computer has no network
//   paused      nobody looks (the page is hidden): nothing is asked
//   refused     the server does not want this request: a wrong, expired or narrower token; asked again once a minute

import { ask } from './ask.js'
import { Figures } from './figures.js'
import { kindOf, proofAddress } from './report-query.js'
import { StreamGroup } from './stream-group.js'
import { expiryOf, sightOf } from './token.js'
import { Trouble, backoff } from './trouble.js'

const RETRY_MS_MIN = 250
const RETRY_MS_MAX = 8_000
const REFUSED_MS = 60_000
const PROVE_AGAIN_MS = 10_000 // by a clock that is wrong a token has expired that the lake takes
const TIMEOUT_MS_MAX = 2 ** 31 - 1 // what setTimeout can hold

export class LakeFeed extends EventTarget {
  #api
  #want
  #token
  #figures = new Figures()
  #group = null
  #abort = null
  #retry = 0
  #timer = 0
  #proving = 0
  #isRunning = false
  #onVisibility = () => this.#visibilityChanged(document.hidden)
  #onHide = () => this.#visibilityChanged(true)
  #onShow = () => this.#visibilityChanged(document.hidden)
  #onNetwork = () => this.#networkChanged()

  /**
   * @param {URL} api The lake's address.
   * @param {import('./report-query.js').Want} want
   * @param {string | null} token What it is asked with.
   */
  constructor(api, want, token = null) {
    super()
    this.#api = api
    this.#want = want
    this.#token = token
    this.phase = 'connecting'
    /** @type {Trouble | null} */
    this.trouble = null
  }

  get tables() {
    return this.#figures.tables
  }

  get status() {
    return this.#figures.status
  }

  get position() {
    return this.#figures.position
  }

  get time() {
    return this.#figures.time
  }

  /** Now by the server's clock. */
  now() {
    return Date.now() + this.#figures.skewMs
  }

  start() {
    if (this.#isRunning) return
    this.#isRunning = true
    document.addEventListener('visibilitychange', this.#onVisibility)
    addEventListener('pagehide', this.#onHide)
    addEventListener('pageshow', this.#onShow)
    addEventListener('online', this.#onNetwork)
    addEventListener('offline', this.#onNetwork)
    if (document.hidden) this.#enter('paused')
    else this.#begin()
  }

  stop() {
    this.#isRunning = false
    document.removeEventListener('visibilitychange', this.#onVisibility)
    removeEventListener('pagehide', this.#onHide)
    removeEventListener('pageshow', this.#onShow)
    removeEventListener('online', this.#onNetwork)
    removeEventListener('offline', this.#onNetwork)
    this.#end()
  }

  /** Continues with another token, from where it is: nothing that is shown is lost. */
  renew(token) {
    const isSame = sightOf(token) === sightOf(this.#token)
    this.#token = token
    this.#retry = 0
    if (!isSame) this.#figures.forgetPlace()
    if (!this.#isRunning || document.hidden) return
    if (!isSame || !this.#group) {
      if (this.phase === 'refused') this.#enter(this.time ? 'away' : 'connecting')
      this.#begin()
      return
    }
    this.#group.renew(token)
    this.#proveAgain(0)
  }

  #visibilityChanged(isHidden) {
    if (isHidden) {
      this.#end()
      if (this.phase !== 'refused') this.#enter('paused')
    } else if (!this.#group && !this.#abort) {
      this.#retry = 0
      this.#begin()
    }
  }

  #networkChanged() {
    if (document.hidden) return
    this.#retry = 0
    if (this.#group) this.#group.hurry()
    else this.#begin()
  }

  #enter(phase, trouble = null) {
    // Also when the last one was in this phase: it may be for another reason.
    if (this.phase === phase && this.trouble?.message === trouble?.message) return
    this.phase = phase
    this.trouble = trouble
    this.dispatchEvent(new Event('phase'))
  }

  #end() {
    clearTimeout(this.#timer)
    clearTimeout(this.#proving)
    this.#abort?.abort()
    this.#abort = null
    this.#group?.leave()
    this.#group = null
  }

  async #begin() {
    this.#end()
    if (!(await this.#prove())) return
    const sight = sightOf(this.#token)
    this.#group = new StreamGroup({
      name: `${this.#api} ${kindOf(this.#want)} ${sight}`,
      api: this.#api,
      want: this.#want,
      token: this.#token,
      figures: this.#figures,
      on: {
        change: () => this.dispatchEvent(new Event('change')),
        phase: (phase, trouble) => {
          if (phase === 'live' || phase === 'polling') this.#retry = 0
          this.#enter(phase, trouble)
        },
        refused: trouble => this.#fail(trouble),
      },
    })
    this.#proveAgainAtEnd()
  }

  /** Shows the token and what is wanted to the lake; answers whether it continues with it. */
  async #prove() {
    const abort = (this.#abort = new AbortController())
    const token = this.#token
    try {
      const response = await ask(proofAddress(this.#api, this.#want.queries[0]), { token, accept: 'application/json', abort })
      await response.body?.cancel()
    } catch (trouble) {
      if (this.#abort !== abort) return false
      if (!(trouble instanceof Trouble)) throw trouble
      this.#abort = null
      this.#fail(trouble)
      return false
    }
    if (this.#abort !== abort) return false
    this.#abort = null
    return true
  }

  // What others send ends with the token here as a stream of its own would. Whether it has ended, the lake says.
  #proveAgainAtEnd() {
    const expires = this.#token && expiryOf(this.#token)
    if (!expires) return
    const left = expires - Date.now()
    this.#proveAgain(left > 0 ? left : PROVE_AGAIN_MS)
  }

  #proveAgain(ms) {
    clearTimeout(this.#proving)
    this.#proving = setTimeout(async () => {
      if (await this.#prove()) this.#proveAgainAtEnd()
    }, Math.min(ms, TIMEOUT_MS_MAX))
  }

  #fail(trouble) {
    this.#end()
    this.#enter(trouble.phase, trouble)
    const wait = trouble.phase === 'refused' ? REFUSED_MS * (0.75 + Math.random() / 2) : backoff(this.#retry++, RETRY_MS_MIN, RETRY_MS_MAX)
    this.#timer = setTimeout(() => this.#begin(), trouble.retryMs ?? wait)
  }
}
