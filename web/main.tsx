// First of all: a job's secret leaves the address bar.
import './job/arrival.ts';
import './ui/styles/index.css';
import { render } from 'preact';
import { App } from './ui/app/App.tsx';
import { notify } from './studio/notice/notice.ts';
import { keepWhatIsFinished } from './studio/gallery/watch.ts';
import { becomeApp } from './studio/app/app.ts';
import { takeShared } from './studio/app/shared.ts';
import { bootJob } from './studio/job/boot.ts';
import { loadJobUi } from './ui/job/load.ts';
import { loadSamples } from './studio/pictures/picked.ts';
import { record } from './studio/result/timelapse/reel.ts';
import { stayAwake } from './studio/run/awake.ts';
import { tellWhenDone } from './studio/run/news.ts';
import { showInTab } from './ui/app/tab.ts';
import { probe } from './studio/engine/engine.ts';
import { measureOnce } from './studio/run/measure.ts';
import { findInterrupted } from './studio/run/store.ts';
import { watchLeaving } from './studio/camera/camera.ts';
import { sketchAhead, sketchAlong } from './studio/sketch/sketch.ts';
import { readWishes } from './studio/kit/address.ts';
import { loadNetworks } from './studio/networks/networks.ts';

render(<App />, document.getElementById('app')!);
showInTab();
stayAwake();
tellWhenDone();
if (!isSecureContext) notify({ kind: 'insecure' });
record();
keepWhatIsFinished();
sketchAlong();
watchLeaving();
void loadSamples().then(takeShared);
void bootJob(loadJobUi);
void loadNetworks().then(findInterrupted);
void probe();
void becomeApp();
if (readWishes(location.search).ahead) {
  void sketchAhead();
  void measureOnce();
}
