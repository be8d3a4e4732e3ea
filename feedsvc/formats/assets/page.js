// Shows the copy buttons, which can do nothing without script, and lets them copy.
for (const button of document.querySelectorAll('.copy')) {
  const address = document.getElementById(button.dataset.copies)
  const label = button.firstChild
  const words = label.textContent
  let back

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address.value)
    } catch { // plain http, or not allowed: the old way
      address.select()
      document.execCommand('copy')
    }
  }

  button.hidden = false
  address.addEventListener('focus', () => address.select())
  button.addEventListener('click', async () => {
    await copy()
    label.textContent = document.getElementById('copied').textContent = button.dataset.done
    clearTimeout(back)
    back = setTimeout(() => { label.textContent = words }, 2000)
  })
}
