import { Easel } from '../easel/Easel.tsx';
import { DropZone } from '../pick/DropZone.tsx';
import { Shelf } from '../pick/Shelf.tsx';
import { Action } from '../run/Action.tsx';
import { BackendLine } from '../run/BackendLine.tsx';
import { Choices } from '../settings/Choices.tsx';
import { texts } from '../texts/index.ts';
import { Header } from './Header.tsx';

/** The studio: an easel, and beside it (on a phone: below it) what it works with. */
export function App() {
  return (
    <>
      <Header />
      <main class="studio">
        <Easel />
        <div class="panel">
          <div class="controls">
            <Shelf role="photo" />
            <Shelf role="style" />
            <Choices />
          </div>
          <div class="dock">
            <Action />
          </div>
          <div class="about">
            <BackendLine />
            <p class="fine">{texts.value.private}</p>
          </div>
        </div>
      </main>
      <DropZone />
    </>
  );
}
