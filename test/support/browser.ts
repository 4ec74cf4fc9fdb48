/** The system's Chromium, where there is one. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = [
  process.env['CHROME_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export const browserPath = places.find((place) => place !== undefined && existsSync(place))

export const startBrowser = (): Promise<Browser> =>
  // In a container the browser has no right to a sandbox of its own.
  chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] })
