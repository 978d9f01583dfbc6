// One stream for all that may see the same: components of a page and windows of a browser. One of them leads: it has the
// connection, asks for what all of them want, and sends the others what comes. If it goes, another one leads.
//
// A group's name holds what its members may see (see token.js), and each has shown its own token to the lake before it
// joins: nobody gets here what the lake would not send them. Tokens are not sent.
//
//   who    { id, want }                  I am here; who leads?                               everybody
//   want   { id, want, needs }           I still am; the whole, please                       a follower, every 3 s
//   here   { id, phase, trouble, at, covers, members }    I lead, this is the status, and of these I know       the leader, every 1.5 s
//   batch  { id, batch }                 what came; with `to`, for that one only             the leader
//   bye    { id }                        I am gone                                           everybody

import { newId, openChannel } from './channels.js'
import { Connection } from './connection.js'
import { covers, keyOf, merge, streamAddress } from './report-query.js'
import { StreamSlot } from './stream-slots.js'
import { Trouble, backoff } from './trouble.js'

const ELECT_MS = 150 // until somebody who leads has answered; and so much again by chance, that two do not begin at once
const HERE_MS = 1500
const WANT_MS = 3000
const LEADER_MS_MAX = 5000 // without hearing from it
const MEMBER_MS_MAX = 12_000
const GROW_MS = 50 // what wants come together
const RETRY_MS_MIN = 250
const RETRY_MS_MAX = 8_000
const POLL_MS = 3_000

export class StreamGroup {
  #id = newId()
  #api
  #want
  #token
  #figures
  #on
  #channel
  #slot
  #role = 'joining'
  #leader = null
  #leaderAt = 0
  #leaderPhase = 'connecting'
  #members = new Map() // others: what each wants, and when it was last seen
  #phase = 'connecting'
  #trouble = null
  #connection = null
  #wide = null // what the connection asks for
  #retry = 0
  #electing = 0
  #retrying = 0
  #growing = 0
  #needAt = 0
  #beats = []

  /**
   * @param {{ name: string, api: URL, want: import('./report-query.js').Want, token: string | null, figures: import('./figures.js').Figures,
   *   on: { change: () => void, phase: (phase: string, trouble: Trouble | null) => void, refused: (trouble: Trouble) => void } }} options
   *   `refused` is sent to the one whose token it was.
   */
  constructor({ name, api, want, token, figures, on }) {
    this.#api = api
    this.#want = want
    this.#token = token
    this.#figures = figures
    this.#on = on
    this.#channel = openChannel(`orleans-lake ${name}`)
    this.#channel.onmessage = ({ data }) => this.#hear(data)
    this.#slot = new StreamSlot(api, () => this.#reconnect())
    this.#beats = [setInterval(() => this.#lead && this.#here(), HERE_MS), setInterval(() => this.#followerBeat(), 1000)]
    this.#elect(ELECT_MS)
  }

  get #lead() {
    return this.#role === 'leader'
  }

  /** Continues with another token that may see the same. */
  renew(token) {
    this.#token = token
    if (this.#lead) this.#reconnect()
  }

  /** Something changed outside, such as the network: now rather than later. */
  hurry() {
    this.#retry = 0
    if (this.#lead) this.#reconnect()
  }

  leave() {
    this.#say('bye')
    this.#role = 'gone'
    this.#disconnect()
    this.#slot.close()
    this.#beats.forEach(clearInterval)
    clearTimeout(this.#electing)
    clearTimeout(this.#growing)
    this.#channel.close()
  }

  #say(type, more = {}) {
    this.#channel.postMessage({ type, id: this.#id, ...more })
  }

  #here() {
    this.#say('here', { phase: this.#phase, trouble: this.#trouble?.plain, at: this.#figures.lastEventId, covers: this.#figures.covers, members: [...this.#members.keys()] })
  }

  #enter(phase, trouble = null) {
    const isSame = this.#phase === phase && this.#trouble?.message === trouble?.message
    this.#phase = phase
    this.#trouble = trouble
    if (isSame) return
    if (this.#lead) this.#here()
    this.#on.phase(phase, trouble)
  }

  // ---- Who leads.

  #elect(ms) {
    this.#role = 'joining'
    this.#leader = null
    clearTimeout(this.#electing)
    this.#needAt = Date.now()
    this.#say('who', { want: this.#want })
    this.#electing = setTimeout(() => this.#becomeLeader(), ms + Math.random() * ELECT_MS)
  }

  #becomeLeader() {
    this.#role = 'leader'
    this.#here()
    this.#connect()
  }

  #follow(leader) {
    clearTimeout(this.#electing)
    if (this.#lead) {
      this.#disconnect()
      this.#slot.release()
    }
    this.#role = 'follower'
    this.#leader = leader
  }

  #followerBeat() {
    const now = Date.now()
    for (const [id, member] of this.#members) if (now - member.at > MEMBER_MS_MAX) this.#members.delete(id)
    if (this.#role !== 'follower') return
    if (now - this.#leaderAt > LEADER_MS_MAX) {
      this.#enter('away', new Trouble('away', 'window-silent', 'The window that had the connection does not answer.'))
      this.#elect(0)
    } else if (now - this.#needAt > WANT_MS) {
      this.#need(false)
    }
  }

  #need(needs) {
    this.#needAt = Date.now()
    this.#say('want', { want: this.#want, needs })
  }

  #hear(message) {
    if (this.#role === 'gone') return
    if (message.want) this.#members.set(message.id, { want: message.want, at: Date.now() })
    switch (message.type) {
      case 'who':
      case 'want':
        if (this.#lead) this.#serve(message)
        break
      case 'here':
        this.#hearLeader(message)
        break
      case 'batch':
        if (message.id === this.#leader && (message.to ?? this.#id) === this.#id) this.#takeFromLeader(message.batch)
        break
      case 'bye':
        this.#members.delete(message.id)
        if (message.id === this.#leader) this.#elect(0)
        break
    }
  }

  #hearLeader({ id, phase, trouble, at, covers: wide, members }) {
    // Two that began at once, or one that slept: the lower stays.
    if (this.#lead) {
      if (this.#id < id) {
        this.#here()
        return
      }
    }
    if (this.#leader !== id) this.#follow(id)
    this.#leaderAt = Date.now()
    this.#leaderPhase = phase
    // It may have begun after this one had said who it is: it does not ask for what it does not know that somebody wants.
    if (members && !members.includes(this.#id)) this.#need(true)
    const isCurrent = at !== '' && at === this.#figures.lastEventId && wide === this.#figures.covers
    if (phase === 'live' || phase === 'polling') {
      if (isCurrent) this.#enter(phase)
      else if (Date.now() - this.#needAt > 500) this.#need(true)
    } else {
      // One that only begins to lead says nothing against the figures that are here.
      this.#enter(phase === 'connecting' && this.#figures.time ? this.#phase : phase, Trouble.of(trouble))
    }
  }

  #takeFromLeader(batch) {
    if (!covers(JSON.parse(batch.covers), this.#want)) return
    this.#leaderAt = Date.now()
    if (this.#figures.take(batch)) {
      // What came is what the leader has: its status is the leader's, and not only when that says so the next time.
      if (this.#leaderPhase === 'live' || this.#leaderPhase === 'polling') this.#enter(this.#leaderPhase)
      this.#on.change()
    } else if (Date.now() - this.#needAt > 500) this.#need(true)
  }

  /** Somebody came, or asks for the whole. */
  #serve({ id, type, want, needs }) {
    if (type === 'who') this.#here()
    if (this.#wide && !covers(this.#wide, want)) {
      this.#growing ||= setTimeout(() => {
        this.#growing = 0
        if (this.#lead) this.#reconnect()
      }, GROW_MS)
    } else if ((type === 'who' || needs) && this.#figures.lastEventId && this.#figures.covers === keyOf(this.#wide ?? want)) {
      this.#say('batch', { to: id, batch: this.#figures.whole() })
      this.#here()
    }
  }

  // ---- The leader's connection.

  #union() {
    return [...this.#members.values()].reduce((wide, member) => merge(wide, member.want), merge(this.#want, this.#want))
  }

  #disconnect() {
    clearTimeout(this.#retrying)
    this.#connection?.stop()
    this.#connection = null
  }

  #reconnect() {
    this.#disconnect()
    this.#connect()
  }

  async #connect() {
    const connection = (this.#connection = new Connection())
    const isCurrent = () => this.#connection === connection
    const wide = (this.#wide = this.#union())
    const key = keyOf(wide)
    const isStream = await this.#slot.take()
    if (!isCurrent()) return
    const phase = isStream ? 'live' : 'polling'
    const isSame = this.#figures.covers === key
    try {
      await connection.run(streamAddress(this.#api, wide), {
        token: this.#token,
        lastEventId: isSame ? this.#figures.lastEventId : '',
        isGlance: !isStream,
        onHeard: () => {
          this.#retry = 0
          this.#enter(phase)
        },
        onBehind: trouble => this.#enter(trouble.phase, trouble),
        onBatch: batch => this.#took({ ...batch, covers: key }),
      })
      if (!isCurrent()) return
      this.#retrying = setTimeout(() => this.#connect(), POLL_MS * (0.75 + Math.random() / 2))
    } catch (trouble) {
      if (!isCurrent()) return
      this.#slot.release()
      if (!(trouble instanceof Trouble)) throw trouble
      if (trouble.phase === 'refused') {
        this.#on.refused(trouble)
        return
      }
      this.#enter(trouble.phase, trouble)
      this.#retrying = setTimeout(() => this.#connect(), trouble.retryMs ?? backoff(this.#retry++, RETRY_MS_MIN, RETRY_MS_MAX))
    }
  }

  #took(batch) {
    this.#figures.take(batch)
    if (this.#members.size > 0) this.#say('batch', { batch })
    this.#on.change()
  }
}
