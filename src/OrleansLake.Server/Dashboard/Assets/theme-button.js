// Colours: as the system has them, light, dark.

const choices = ['system', 'light', 'dark']
const drawings = {
  system: '<circle cx="8" cy="8" r="6"/><path d="M8 2v12M8 5l3.5-1.5M8 8.5l5.5-2M8 12l5-2"/>',
  light: '<circle cx="8" cy="8" r="3"/><path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1"/>',
  dark: '<path d="M13 9.8A5.6 5.6 0 1 1 6.2 3a4.6 4.6 0 0 0 6.8 6.8z"/>',
}

/** @param {HTMLButtonElement} button @param {() => void} onChange */
export function themeButton(button, onChange) {
  const root = document.documentElement
  const show = () => {
    const choice = root.dataset.theme ?? 'system'
    button.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true">${drawings[choice]}</svg>`
    button.ariaLabel = choice === 'system' ? 'Colours: as the system' : `Colours: ${choice}`
    button.title = button.ariaLabel
  }
  button.addEventListener('click', () => {
    const choice = choices[(choices.indexOf(root.dataset.theme ?? 'system') + 1) % choices.length]
    if (choice === 'system') delete root.dataset.theme
    else root.dataset.theme = choice
    try {
      localStorage.setItem('lake-theme', choice)
    } catch {
      // Then it holds as long as the page.
    }
    show()
    onChange()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange)
  show()
}
