import { signal } from '@preact/signals-core';
import { describe, expect, it } from 'vitest';
import { launchDataOf } from '../../shared/deeplink.ts';
import { Memo } from '../../web/studio/kit/memo.ts';
import { once } from '../../web/studio/kit/once.ts';

describe('a remembered promise', () => {
  it('does the same only once, but forgets what failed', async () => {
    const memo = new Memo<string, number>();
    let tries = 0;
    const make = async () => {
      await Promise.resolve();
      if (++tries === 1) throw new Error('no memory for it just now');
      return tries;
    };
    await expect(memo.get('512x384', make)).rejects.toThrow('no memory');
    expect(await memo.get('512x384', make)).toBe(2);
    expect(await memo.get('512x384', make)).toBe(2);
  });
});

describe('waiting for signals', () => {
  it('ends with the first time that it holds, and does not look again', async () => {
    const number = signal(0);
    let looks = 0;
    const waiting = once(() => {
      looks++;
      return number.value > 1;
    });
    number.value = 1;
    number.value = 2;
    await waiting;
    const before = looks;
    number.value = 3;
    expect(looks).toBe(before);
  });
});

describe('launch data in a link', () => {
  it('is passed over where it is not what Telegram writes', () => {
    expect(launchDataOf('#tgWebAppData=user%3D1')).toBe('user=1');
    expect(launchDataOf('#tgWebAppData=%E0%A4%A')).toBeNull();
  });
});
