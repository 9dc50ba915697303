import './styles/index.css';
import { render } from 'preact';
import { App } from './ui/app/App.tsx';
import { loadSamples } from './ui/pick/picked.ts';
import { probe } from './ui/run/engine.ts';
import { showProgressInTitle } from './ui/run/tab.ts';
import { loadNetworks } from './ui/settings/networks.ts';

render(<App />, document.getElementById('app')!);
showProgressInTitle();
void loadSamples();
void loadNetworks();
void probe();
