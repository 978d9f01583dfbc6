// Keeps a token that is good: asks for one, for a new one before it ends and when the lake refuses it, and after a failure
// again, later each time. One keeper serves all components of a page that ask at the same place.

import { expiryOf } from './token.js'
import { Trouble, backoff } from './trouble.js'

const ANSWER_MS_MAX = 10_000
const SOURCE_MS_MAX = 15_000 // beyond what an address may take, with a check of why it failed
const TOKEN_LENGTH_MAX = 8192
const RETRY_MS_MIN = 1_000
const RETRY_MS_MAX = 60_000
const RENEW_MS_BEFORE = 30_000
const RENEW_MS_MIN = 1_000
const EXPIRED_MS = 30_000 // by a clock that is wrong, every token may look expired
const TIMEOUT_MS_MAX = 2 ** 31 - 1 // what setTimeout can hold

const keepers = new Map()

/**
 * Events: `token` (there is a new one), `trouble` (there is none: see `trouble`), `expiring` (detail: when).
 */
export class TokenKeeper extends EventTarget {
  #source
  #timer = 0
  #failures = 0
  #isAsking = false
  #isDue = false
  #users = 0
  /** @type {Trouble | null} Why the lake refused the token that there is. */
  #refusal = null
  #onNow = () => this.#isDue && this.ask()

  /**
   * @param {(() => Promise<string>) | null} source Where tokens are from; null: there is this one only.
   * @param {string | null} token What there is already.
   */
  constructor(source, token = null) {
    super()
    this.#source = source
    this.token = token
    this.isShared = false
    /** @type {Trouble | null} */
    this.trouble = null
  }

  /** The keeper of tokens from an address. */
  static at(url) {
    if (!keepers.has(url.href)) {
      keepers.set(url.href, new TokenKeeper(() => fetchToken(url)))
      keepers.get(url.href).isShared = true
    }
    return keepers.get(url.href)
  }

  static fetch = fetchToken

  start() {
    if (++this.#users > 1) return
    addEventListener('online', this.#onNow)
    document.addEventListener('visibilitychange', this.#onNow)
    if (this.token || !this.#source) this.#renewInTime()
    else this.ask()
  }

  stop() {
    if (--this.#users > 0) return
    removeEventListener('online', this.#onNow)
    document.removeEventListener('visibilitychange', this.#onNow)
    clearTimeout(this.#timer)
  }

  /** Continues with a token that came another way. */
  take(token) {
    this.#set(token)
    this.#failures = 0
    this.#renewInTime()
  }

  /** The lake does not accept it: another one is to be fetched, soon the first time. */
  refuse(trouble) {
    // Without an answer from the site there is no other one, and that is what is wrong.
    if (!this.#source || this.#isAsking || this.trouble) return
    this.#refusal = new Trouble('no-token', 'token-refused', `The lake does not take the token that the site gave: ${trouble.message}`, { status: trouble.status })
    this.#fail(this.#refusal)
  }

  /** The lake took it. */
  accept() {
    this.#failures = 0
    if (this.trouble === this.#refusal) this.trouble = null
    this.#refusal = null
  }

  async ask() {
    if (this.#isAsking || this.#users === 0) return
    this.#isDue = document.hidden
    if (this.#isDue) return
    this.#isAsking = true
    clearTimeout(this.#timer)
    let token = null
    let trouble = null
    try {
      token = tokenOf(await inTime(this.#source()))
      // The same one again will not be taken either; the next answer may be another one.
      if (token === this.token) trouble = this.#refusal
    } catch (error) {
      trouble = error instanceof Trouble ? error : new Trouble('no-token', 'token-source-failed', `The page's tokenSource failed: ${String(error?.message ?? error).replace(/\.?$/, '.')}`)
    }
    this.#isAsking = false
    if (this.#users === 0) return
    if (trouble) {
      this.#fail(trouble)
    } else {
      this.#set(token)
      this.#renewInTime()
    }
  }

  #set(token) {
    this.trouble = this.#refusal = null
    const isNew = token !== this.token
    this.token = token
    if (isNew) this.dispatchEvent(new Event('token'))
  }

  #fail(trouble) {
    this.trouble = trouble
    this.#isDue = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.ask(), backoff(this.#failures++, RETRY_MS_MIN, RETRY_MS_MAX))
    this.dispatchEvent(new Event('trouble'))
  }

  #renewInTime() {
    clearTimeout(this.#timer)
    const expires = this.token ? expiryOf(this.token) : null
    if (expires === null) return
    const left = expires - Date.now()
    // Half the time that is left, when it is short: a token of ten seconds is renewed after five.
    const wait = left > 0 ? Math.max(RENEW_MS_MIN, left - Math.min(RENEW_MS_BEFORE, left / 2)) : EXPIRED_MS
    this.#timer = setTimeout(() => {
      if (wait > TIMEOUT_MS_MAX) return this.#renewInTime()
      this.dispatchEvent(new CustomEvent('expiring', { detail: new Date(expires) }))
      if (this.#source) this.ask()
    }, Math.min(wait, TIMEOUT_MS_MAX))
  }
}

/** An application's own source may never answer. */
function inTime(given) {
  let timer = 0
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(noToken('token-no-answer', `The page's tokenSource has not answered for ${SOURCE_MS_MAX / 1000} s.`)), SOURCE_MS_MAX)
  })
  return Promise.race([given, late]).finally(() => clearTimeout(timer))
}

const noToken = (code, message, more) => new Trouble('no-token', code, message, more)

/** What a source gave, as text that a header can hold. */
function tokenOf(given) {
  const text = typeof given === 'string' ? given.trim() : ''
  if (text === '') throw noToken('token-empty', 'The site gave no token: its answer is empty.')
  if (/^</.test(text)) throw noToken('token-is-page', 'The site gave a page, not a token: the visitor may have to log in.')
  if (text.length > TOKEN_LENGTH_MAX || !/^[\x21-\x7e]+$/.test(text)) throw noToken('token-malformed', 'What the site gave is not a token: one is a line of letters, digits and signs, without blanks.')
  return text
}

/** Text that is a token, or JSON with a member `token`, as the lake's own /v1/embed-tokens answers. */
async function fetchToken(url) {
  const place = url.origin === location.origin ? url.pathname : url.href
  const options = { credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS_MAX) }
  let response
  let text
  try {
    response = await fetch(url, options)
    text = response.ok ? (await response.text()).trim() : ''
  } catch (error) {
    if (error.name === 'TimeoutError') throw noToken('token-no-answer', `The site has not answered for ${ANSWER_MS_MAX / 1000} s where it gives tokens (${place}).`)
    if (navigator.onLine === false) throw new Trouble('offline', 'offline', 'This computer is offline.')
    if (await isRedirect(url)) throw noToken('token-redirected', `The site leads elsewhere where it gives tokens (${place}): the visitor may have to log in.`)
    throw noToken('token-no-connection', `The site does not answer where it gives tokens (${place}).`)
  }
  const { status } = response
  if (!response.ok) {
    const why = status === 401 || status === 403 ? 'the visitor may have to log in' : status === 404 ? 'there is nothing at token-url' : 'its server failed'
    throw noToken('token-status', `The site answers ${status} where it gives tokens (${place}): ${why}.`, { status })
  }
  if (response.redirected && new URL(response.url).origin !== url.origin) throw noToken('token-redirected', `The site leads elsewhere where it gives tokens (${place}): the visitor may have to log in.`)
  if (/^text\/html\b/i.test(response.headers.get('Content-Type') ?? '')) throw noToken('token-is-page', `The site gave a page, not a token (${place}): the visitor may have to log in.`, { status })
  if (!/^[{["]/.test(text)) return text
  let json
  try {
    json = JSON.parse(text)
  } catch {
    throw noToken('token-malformed', `What the site gave is neither a token nor JSON (${place}).`, { status })
  }
  const token = typeof json === 'string' ? json : json.token
  if (typeof token !== 'string') throw noToken('token-missing', `The site gave JSON without a text "token" (${place}).`, { status })
  return token
}

async function isRedirect(url) {
  try {
    return (await fetch(url, { credentials: 'same-origin', cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(3000) })).type === 'opaqueredirect'
  } catch {
    return false
  }
}
