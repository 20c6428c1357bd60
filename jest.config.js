// The tests of the repository itself; every package has its own.
import { jestConfig } from './jest.base.js';

export default jestConfig('repository', { roots: ['<rootDir>/test'] });
