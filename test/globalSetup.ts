import { openBuilds } from './support/builds.ts';

export default openBuilds;
