import { Easel } from '../easel/Easel.tsx';
import { galleryOpen } from '../../studio/gallery/open.ts';
import { GalleryHost } from '../gallery/GalleryHost.tsx';
import { InstallVerb } from '../install/InstallVerb.tsx';
import { OfflineNote } from '../install/OfflineNote.tsx';
import { UpdateLine } from '../install/UpdateLine.tsx';
import { arriving } from '../../studio/job/boot.ts';
import { jobUi } from '../job/load.ts';
import { DropZone } from '../pick/DropZone.tsx';
import { PhotoShelf, StyleShelf } from '../pick/Shelf.tsx';
import { Regions } from '../regions/Regions.tsx';
import { Action } from '../run/Action.tsx';
import { BackendLine } from '../run/BackendLine.tsx';
import { Choices } from '../settings/Choices.tsx';
import { ThinLine } from '../run/ThinLine.tsx';
import { texts } from '../../texts/index.ts';
import { Header } from './Header.tsx';

/** The studio: an easel, and beside it (on a phone: below it) what it works with. */
export function App() {
  const { value: ui } = jobUi;
  const busy = ui ? ui.screen.value !== null : arriving.value;
  return (
    <>
      <Header />
      <UpdateLine />
      {busy ? !galleryOpen.value && ui && <ui.JobScreen /> : <Studio />}
      <GalleryHost />
      <DropZone />
    </>
  );
}

function Studio() {
  const { value: ui } = jobUi;
  const job = ui?.brought.value ? ui : null;
  const choices = (
    <>
      <PhotoShelf />
      <StyleShelf />
      <Regions />
      <Choices />
    </>
  );
  return (
    <main class="studio" hidden={galleryOpen.value}>
      <Easel />
      <div class="panel">
        <div class="controls">{job ? <job.JobPanel>{choices}</job.JobPanel> : choices}</div>
        <div class="dock">
          <ThinLine />
          <Action />
        </div>
        <div class="about">
          <BackendLine />
          <p class="fine">
            {job ? texts.value.job.private : texts.value.private} <OfflineNote />
          </p>
          <InstallVerb />
        </div>
      </div>
    </main>
  );
}
