// What went wrong, in words and in a code, with the phase that it leads to.

/** The phases, as the page and the component name them. */
export const phaseWords = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Read every few seconds',
  away: 'Not live',
  offline: 'Offline',
  paused: 'Paused',
  refused: 'Not allowed',
  'no-token': 'No token',
  misconfigured: 'Wrong setting',
}

export class Trouble extends Error {
  /**
   * @param {'away' | 'offline' | 'refused' | 'no-token' | 'misconfigured'} phase
   * @param {string} code For programs: the end of the problem's type, or a name of ours.
   * @param {string} message For people: a sentence.
   * @param {{ status?: number, retryMs?: number, setting?: string }} more
   */
  constructor(phase, code, message, { status, retryMs, setting } = {}) {
    super(message)
    this.phase = phase
    this.code = code
    this.status = status
    this.retryMs = retryMs
    this.setting = setting
  }

  /** Its phase in a word or two. A lake that is not found did not forbid anything. */
  get word() {
    return this.phase === 'refused' && this.status !== 401 && this.status !== 403 ? 'Refused' : phaseWords[this.phase]
  }

  /** The form in which it is sent to others, which rebuild it from this. */
  get plain() {
    return [this.phase, this.code, this.message, { status: this.status, retryMs: this.retryMs, setting: this.setting }]
  }

  static of(plain) {
    return plain ? new Trouble(...plain) : null
  }
}

/** Longer each time, up to a bound, and never the same for two. */
export const backoff = (attempt, minMs, maxMs) => Math.min(maxMs, minMs * 2 ** Math.min(attempt, 20)) * (0.75 + Math.random() / 2)
