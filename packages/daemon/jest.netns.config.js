import { netnsConfig } from '../../jest.base.js';

export default netnsConfig('vrrpd');
