import { Icon } from '../kit/Icon.tsx';
import { download } from '../../studio/kit/download.ts';
import { texts } from '../../texts/index.ts';

const nameOf = ({ type }: Blob) => `restyle.${type === 'image/png' ? 'png' : 'jpg'}`;

function shareable(file: Blob): File | null {
  const picture = new File([file], nameOf(file), { type: file.type });
  const { canShare } = navigator as Partial<Navigator>;
  return canShare?.call(navigator, { files: [picture] }) ? picture : null;
}

/** For a finished picture that the chat does not get. */
export function FileVerbs({ file }: { readonly file: Blob }) {
  const t = texts.value.job;
  const picture = shareable(file);
  return (
    <>
      <button
        type="button"
        class="verb"
        data-verb="save-job"
        onClick={() => download(file, nameOf(file))}
      >
        <Icon name="save" />
        {t.save}
      </button>
      {picture && (
        <button
          type="button"
          class="verb"
          // Closing the system's sheet is an answer, too.
          onClick={() => void navigator.share({ files: [picture] }).catch(() => undefined)}
        >
          {t.share}
        </button>
      )}
    </>
  );
}
