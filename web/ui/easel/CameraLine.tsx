import {
  closeCamera,
  painted,
  plain,
  rate,
  takePhoto,
  turnCamera,
  type Viewfinder,
} from '../../studio/camera/camera.ts';
import { canSketch } from '../../studio/sketch/pencil.ts';
import { texts } from '../../texts/index.ts';
import { Icon } from '../kit/Icon.tsx';
import { SketchStrength } from './SketchStrength.tsx';

/** Under the viewfinder: how often it is really painted, how strong, and what to do with what it shows. */
export function CameraLine({ other }: Viewfinder) {
  const t = texts.value.camera;
  return (
    <div class="line sketched">
      <div class="row">
        <p class="figures" data-rate={rate.value ?? ''}>
          {painted.value && rate.value !== null
            ? t.rate(rate.value, painted.value.width, painted.value.height)
            : plain.value || !canSketch.value
              ? t.unpainted
              : t.first}
        </p>
        <SketchStrength />
      </div>
      <div class="verbs shooting">
        <button type="button" class="verb strong" onClick={() => void takePhoto(t.name)}>
          <Icon name="camera" />
          {t.take}
        </button>
        {other && (
          <button type="button" class="verb" onClick={turnCamera}>
            <Icon name="back" />
            {t.turn}
          </button>
        )}
        <button type="button" class="verb" onClick={closeCamera}>
          <Icon name="close" />
          {t.close}
        </button>
      </div>
    </div>
  );
}
