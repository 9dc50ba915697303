import type { StyleSettings } from '../../../shared/settings.ts';
import { change, settings } from '../../studio/choices/choices.ts';
import { texts } from '../../texts/index.ts';
import { PictureTiles } from '../kit/PictureTiles.tsx';

const COLOURS: readonly StyleSettings['colours'][] = ['style', 'palette', 'photo', 'luminance'];

/** Whose colours the painting has; pictures by `npm run looks`. */
export function Colours() {
  const { settings: t, fields } = texts.value;
  const options = COLOURS.map((value) => ({
    value,
    label: fields.colours.options[value],
    about: t.coloursAbout[value],
    picture: `looks/colours-${value}.jpg`,
  }));
  return (
    <PictureTiles
      legend={fields.colours.label}
      options={options}
      value={settings.value.colours}
      onChoose={(colours) => change({ colours })}
    />
  );
}
