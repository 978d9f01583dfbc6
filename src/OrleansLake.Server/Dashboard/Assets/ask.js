// Asks the lake by fetch: with a token in a header, where no log has it, and with words for each way in which it can fail.

import { Trouble } from './trouble.js'

const ANSWER_MS_MAX = 10_000 // until the answer begins
const RETRY_AFTER_MS_MAX = 60_000

/**
 * Gives an answer that is from the lake and of the type that was asked for.
 * @param {URL} address
 * @param {{ token?: string | null, accept: string, lastEventId?: string, abort: AbortController }} options
 * @throws {Trouble} It fails; after a use of `abort` by the caller, the error says nothing.
 */
export async function ask(address, { token, accept, lastEventId, abort }) {
  let isLate = false
  const patience = setTimeout(() => {
    isLate = true
    abort.abort()
  }, ANSWER_MS_MAX)
  try {
    const response = await fetch(address, {
      headers: {
        Accept: accept,
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(lastEventId ? { 'Last-Event-ID': lastEventId } : {}),
      },
      signal: abort.signal,
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    })
    clearTimeout(patience)
    if (!response.ok) throw await refusalOf(response, address)
    if (typeOf(response) !== accept) {
      response.body?.cancel().catch(() => {})
      throw notTheLake(response, `what answers at ${place(address)} is not the lake but ${typeOf(response) === 'text/html' ? 'a page' : 'something else'}`)
    }
    return response
  } catch (error) {
    clearTimeout(patience)
    if (error instanceof Trouble) throw error
    if (isLate) {
      throw new Trouble('away', 'no-answer', `The lake at ${place(address)} has not answered for ${ANSWER_MS_MAX / 1000} s: it hangs, or this browser's connections to it are all in use (six without HTTP/2).`)
    }
    throw abort.signal.aborted ? new Trouble('away', 'aborted', '') : await whyNot(address)
  }
}

const typeOf = response => (response.headers.get('Content-Type') ?? '').split(';')[0].trim().toLowerCase()

const place = address => address.host

const notTheLake = (response, what) =>
  new Trouble('away', 'not-the-lake', `${what[0].toUpperCase()}${what.slice(1)}: its address is wrong, or a server between asks for a log-in.`, { status: response.status })

async function refusalOf(response, address) {
  const { status } = response
  const type = typeOf(response)
  let problem = {}
  if (type === 'application/problem+json') {
    try {
      problem = await response.json()
    } catch {
      // Cut off: the status is enough.
    }
  } else {
    response.body?.cancel().catch(() => {})
  }
  const detail = problem.detail ?? ''
  const code = String(problem.type ?? '').split(':').at(-1)
  const retryMs = Math.min(RETRY_AFTER_MS_MAX, Number(response.headers.get('Retry-After')) * 1000) || undefined
  if (status === 401 || status === 403) return new Trouble('refused', code || 'unauthorized', detail || `The server answers ${status}: it wants a key or a log-in.`, { status })
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return new Trouble('away', code || 'server-error', detail ? `The lake answers ${status}: ${detail}` : `The server answers ${status}.`, { status, retryMs })
  }
  if (!problem.type) return notTheLake(response, `the server answers ${status}, which is not from the lake`)
  if (status === 404) return new Trouble('refused', code, `There is no lake at ${address.origin}${address.pathname.replace(/v1\/[^]*$/, '')}, or not this report.`, { status })
  return new Trouble('refused', code, detail || `The lake answers ${status}.`, { status })
}

// A browser does not tell a script why nothing came. What another site's server may not be asked is not read here either,
// only whether it is there.
async function whyNot(address) {
  if (self.navigator?.onLine === false) return new Trouble('offline', 'offline', 'This computer is offline.')
  if (self.origin === 'null') {
    return new Trouble('refused', 'sandboxed', `The lake at ${place(address)} cannot be asked from here: this frame is sandboxed without allow-same-origin, or the page is a file.`)
  }
  const isOurs = address.origin === self.location.origin
  if (self.location.protocol === 'https:' && address.protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(address.hostname)) {
    return new Trouble('refused', 'mixed-content', `This page came by https, the lake's address ${address.origin} says http: browsers do not load that.`)
  }
  try {
    const probe = { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(3000) }
    const response = await fetch(address, isOurs ? { ...probe, redirect: 'manual' } : { ...probe, mode: 'no-cors' })
    response.body?.cancel().catch(() => {})
    if (response.type === 'opaqueredirect') return new Trouble('away', 'redirected', `${place(address)} leads elsewhere: a log-in may have ended. Load the page again.`)
    if (response.type === 'opaque') {
      return new Trouble('refused', 'site-not-allowed', `The lake at ${place(address)} answers, but does not let pages of ${self.origin} read it: start it with --allow-origin ${self.origin}.`)
    }
  } catch {
    // As it was.
  }
  return new Trouble('away', 'no-connection', `The lake at ${place(address)} does not answer.`)
}
