// Runs before the first paint, so that a chosen theme does not flash. The choice is all that the page ever keeps.
{
  const root = document.documentElement
  try {
    const chosen = localStorage.getItem('lake-theme')
    if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen
  } catch {
    // Storage may be forbidden, in a frame for example: then it is the system's.
  }
}
