/** Everything that deals with a Telegram job, in one piece that loads when there is one. */
import '../styles/job.css';

export { begin, goOnWith } from '../../studio/job/session.ts';
export { JobScreen } from './JobScreen.tsx';
export { JobPanel } from './JobPanel.tsx';
export { DeliveryLine } from './DeliveryLine.tsx';
export { brought, screen } from '../../studio/job/state.ts';
