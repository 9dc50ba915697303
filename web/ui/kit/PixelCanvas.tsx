import { useLayoutEffect, useRef } from 'preact/hooks';
import { drawPixels, type Pixels } from '../../studio/kit/pixels.ts';

interface Props {
  readonly pixels: Pixels;
  /** What the picture shows; without it the canvas is decoration. */
  readonly label?: string;
  readonly class?: string;
}

/** Pixels on the page, at their own resolution; CSS says how large. */
export function PixelCanvas({ pixels, label, class: name }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current) drawPixels(canvas.current, pixels);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      class={name}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    />
  );
}
