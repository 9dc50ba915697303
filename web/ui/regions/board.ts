/** The parts of the easel on which regions are painted, in one file that comes on request. */
export { MaskBoard } from './MaskBoard.tsx';
export { MaskTools } from './MaskTools.tsx';
