// How windows of one browser, and components of one page, speak to each other: BroadcastChannel, which ends at the borders
// of the site (and, in a frame, of the site around). Where there is none, within this page only.

const local = new Map()

class PageChannel {
  #name
  onmessage = null

  constructor(name) {
    this.#name = name
    if (!local.has(name)) local.set(name, new Set())
    local.get(name).add(this)
  }

  postMessage(data) {
    const copy = structuredClone(data)
    for (const other of local.get(this.#name)) {
      if (other !== this) queueMicrotask(() => other.onmessage?.({ data: copy }))
    }
  }

  close() {
    this.onmessage = null
    local.get(this.#name).delete(this)
  }
}

/** Whether other windows are reached. A sandboxed frame is a site of its own. */
export const reachesWindows = self.origin !== 'null' && canBroadcast()

function canBroadcast() {
  try {
    new BroadcastChannel('orleans-lake').close()
    return true
  } catch {
    return false // none, or forbidden with all storage
  }
}

export const openChannel = name => (reachesWindows ? new BroadcastChannel(name) : new PageChannel(name))

export const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(3)), n => n.toString(36).padStart(7, '0')).join('')
