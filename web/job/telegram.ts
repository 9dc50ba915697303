/**
 * Telegram's in-app browser, spoken to directly: its own script is a stranger's, and the page runs no strangers'.
 * https://core.telegram.org/api/bots/webapps
 */
interface Webview {
  readonly TelegramWebviewProxy?: { postEvent(type: string, data: string): void };
  /** Telegram Desktop. */
  readonly external?: { notify?(message: string): void };
}

const WEB_CLIENTS = ['web', 'webk', 'weba'].map((name) => `https://${name}.telegram.org`);

const webview = window as unknown as Webview;
const framed = window.parent !== window;

/** Known by its bridge, or by the launch data in the link; frames of other pages are none. */
export const insideTelegram = (initData: string | null): boolean =>
  initData !== null || webview.TelegramWebviewProxy !== undefined;

function post(type: string, data: object): void {
  const message = JSON.stringify({ eventType: type, eventData: data });
  if (webview.TelegramWebviewProxy) {
    webview.TelegramWebviewProxy.postEvent(type, JSON.stringify(data));
  } else if (typeof webview.external?.notify === 'function') {
    webview.external.notify(message);
  } else if (framed) {
    // Links carry a secret, so nobody else may hear them.
    const outer = (location.ancestorOrigins as DOMStringList | undefined)?.[0];
    const known = outer !== undefined && WEB_CLIENTS.includes(outer);
    window.parent.postMessage(message, known ? outer : WEB_CLIENTS[0]!);
  }
}

/** Takes the curtain away, uses the whole height, and does not close by a swipe over the compare handle. */
export function settleInTelegram(): void {
  post('web_app_ready', {});
  post('web_app_expand', {});
  post('web_app_setup_swipe_behavior', { allow_vertical_swipe: false });
}

/** Ask before closing: a picture is being painted. */
export const confirmClosing = (needed: boolean): void =>
  post('web_app_setup_closing_behavior', { need_confirmation: needed });

/** `try_browser` is not documented, but without it Android opens Telegram's own browser again. */
export const openOutside = (url: string): void =>
  post('web_app_open_link', { url, try_browser: 'chrome' });
