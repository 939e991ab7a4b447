import path from 'node:path';

export { nodeBinary } from '../../host/node-binary';

/** The tests run from a folder beside `dist`. */
export const projectRoot = path.resolve(__dirname, '../../../..');

export const cliFile = path.join(process.env.HEAPWRIGHT_DIST ?? path.join(projectRoot, 'dist'), 'cli.js');
