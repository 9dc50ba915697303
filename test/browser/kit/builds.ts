/** Names the folder of a run's pages in the environment. */
export const BUILDS = 'RESTYLE_TEST_PAGES';
