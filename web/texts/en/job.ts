import { megabytes } from '../numbers.ts';
import { LOCALE } from './words.ts';

export const job = {
  photo: 'Photo from the chat',
  style: (n: number | null) => (n === null ? 'Style from the chat' : `Style ${n} from the chat`),

  screens: {
    asking: 'Opening what you sent to the bot …',
    fetching: (done: number, of: number, bytes: number) =>
      `Fetching your pictures: ${done} of ${of}, ${megabytes(LOCALE, bytes)}`,
    'not-found': 'This link opens nothing.',
    'not-yours': 'This link was made for somebody else.',
    expired: 'The time of this link is over.',
    cancelled: 'This was cancelled in the chat.',
    dead: 'The bot could not bring the picture into the chat.',
    delivered: 'This picture is done: look into the chat.',
    unreadable: 'One of the pictures cannot be read.',
    unreachable: 'The bot cannot be reached right now.',
    elsewhere: 'This was opened on another device or in another browser.',
    'other-tab': 'This is open in another tab.',
  },
  advice: {
    asking: '',
    fetching: 'After that you may go offline.',
    'not-found':
      'Perhaps it was cut off on the way, or it is old. Send your photo to the bot again, and it answers with a new one.',
    'not-yours': 'Send a photo of your own to the bot, and it answers with a link for you.',
    expired: 'Press “Same again” in the chat, and there is a new link.',
    cancelled: 'Press “Same again” in the chat if you have changed your mind.',
    dead: 'Perhaps the bot was stopped in the chat.',
    delivered: 'For another one, press “Same again” there.',
    unreadable:
      'Telegram no longer has it, or it is damaged. Send the pictures to the bot once more.',
    unreachable:
      'Check the connection. As soon as it is back, the page goes on by itself; nothing is lost.',
    elsewhere: 'It may be painting there. Only the first picture to arrive comes into the chat.',
    'other-tab': 'What is painted there is going on.',
  },
  kept: 'The finished picture is still here.',
  tryAgain: 'Try again',
  paintHere: 'Paint it here',
  bringHere: 'Bring it here',
  somethingElse: 'Paint something else',
  save: 'Save the picture',
  share: 'Share',

  from: 'From Telegram',
  what: (networks: string, size: number, upscaled: boolean) =>
    `${networks}, ${size} px${upscaled ? ', enlarged ×4' : ''}`,
  private: 'Painted on this device; only the finished picture goes into the chat.',
  otherPhoto: 'Another photo is on the easel; its picture stays here.',
  backToPhoto: 'Back to the photo from the chat',
  change: 'Change settings',
  giveUp: 'Cancel this job',
  giveUpHint: 'In the chat, too.',

  cramped: 'Telegram’s own browser does not let the page use the GPU.',
  crampedAdvice:
    'It works here, too, but slowly. Your usual browser is probably many times faster.',
  openOutside: 'Open in the browser',
  copyLink: 'Copy the link',
  linkCopied: 'Copied. Open it in your browser.',
  linkNotCopied: 'Copying is not allowed here. Open the link from the chat in your browser.',

  delivery: {
    packing: 'Getting the picture ready for the chat …',
    waiting: 'Finished. It goes into the chat as soon as the network is back.',
    sending: 'Sending the picture to the chat …',
    accepted: 'The bot has the picture and is putting it into the chat …',
    delivered: 'The picture is in the chat.',
    asks: 'Stopped early, so it was not sent.',
    extra: 'The chat has its picture already.',
    other: 'The chat has a picture already, painted elsewhere.',
    over: 'The chat no longer waits for this picture.',
    cancelled: 'This was cancelled in the chat.',
    refused: 'The bot did not take the picture.',
    dead: 'The bot could not bring the picture into the chat.',
  },
  deliveryAdvice: {
    packing: '',
    waiting: 'You can close the page: it remembers.',
    sending: '',
    accepted: '',
    delivered: 'You can close this page.',
    asks: 'Send it as it is, or paint on.',
    extra: 'Each link brings one. Save or share this one, or press “Same again” in the chat.',
    other: 'Each link brings one. Save or share this one.',
    over: 'The link’s time is over. Save the picture or share it.',
    cancelled: 'What was painted so far is yours: save it or share it.',
    refused: 'Save the picture and send it yourself.',
    dead: 'Perhaps the bot was stopped in the chat. Save the picture or share it.',
  },
  eased: {
    jpeg: 'As a PNG it would be too large for Telegram, so it goes as a JPEG. Saved from here it is untouched.',
    smaller:
      'It is too large for Telegram, so a smaller one goes there. Saved from here it has its full size.',
  },
  send: 'Send to Telegram',
};
