// Opens pages in Chromium and tells what a person would meet: [{url, width, scheme, script, axe, copy, shot}] on
// standard input, one object for each on standard output. Nothing is judged here.
import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

// Runs in the page. Works on HTML and on XML styled with CSS.
function look() {
  const root = document.documentElement
  const texts = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const range = document.createRange()
    range.selectNodeContents(node)
    const box = [...range.getClientRects()].find((rect) => rect.width > 1 && rect.height > 1)
    const style = getComputedStyle(node.parentElement)
    if (node.data.trim() && box && node.parentElement.checkVisibility({ visibilityProperty: true }))
      texts.push({ text: node.data.trim(), size: parseFloat(style.fontSize), right: box.right, button: !!node.parentElement.closest('button') })
  }
  const banners = [root, ...root.querySelectorAll('*')]
    .map((element) => getComputedStyle(element, '::before').content)
    .filter((content) => content.startsWith('"') && content.length > 20)
  return { direction: root.dir, overflow: root.scrollWidth - root.clientWidth, texts, banners, background: getComputedStyle(document.body ?? root).backgroundColor }
}

// The whole page. Playwright's own screenshot never ends on an XML document.
async function picture(context, page) {
  const session = await context.newCDPSession(page)
  const { cssContentSize } = await session.send('Page.getLayoutMetrics')
  const clip = { ...cssContentSize, scale: 1 }
  const { data } = await session.send('Page.captureScreenshot', { captureBeyondViewport: true, clip })
  return Buffer.from(data, 'base64')
}

// Presses the first copy button; what the clipboard then holds, and what is said of it.
async function copied(context, page) {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.locator('.copy').first().click()
  await page.locator('#copied:not(:empty)').waitFor({ state: 'attached' })
  return page.evaluate(async () => ({
    clipboard: await navigator.clipboard.readText(),
    said: document.getElementById('copied').textContent,
  }))
}

async function visit(browser, job) {
  const context = await browser.newContext({
    viewport: { width: job.width, height: 800 },
    colorScheme: job.scheme,
    javaScriptEnabled: job.script,
    bypassCSP: job.axe,
  })
  const page = await context.newPage()
  const errors = []
  page.on('console', (message) => message.type() === 'error' && errors.push(`${message.text()} ${message.location().url}`))
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('response', (answer) => answer.status() >= 400 && errors.push(`${answer.status()} ${answer.url()}`))
  const answer = await page.goto(job.url)
  const seen = await page.evaluate(look)
  writeFileSync(job.shot, await picture(context, page))
  const copy = job.copy ? await copied(context, page) : null
  let violations = []
  if (job.axe) {
    await page.addScriptTag({ path: new URL('node_modules/axe-core/axe.min.js', import.meta.url).pathname })
    const report = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
    violations = report.violations.map(({ id, help, nodes }) => `${id}: ${help} ${nodes.map((n) => n.html)}`)
  }
  await context.close()
  return { type: answer.headers()['content-type'], errors, violations, copy, ...seen }
}

const jobs = JSON.parse(readFileSync(0, 'utf8'))
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
const visits = []
for (const job of jobs) visits.push(await visit(browser, job))
await browser.close()
process.stdout.write(JSON.stringify(visits))
